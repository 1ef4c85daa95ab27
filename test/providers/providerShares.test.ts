import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelOfRoute, nameInSetting, parseShares, routesOf } from '../../src/providers/providerShares.ts';

describe('the providers of a channel', () => {
  it('are one name, or names with weights', () => {
    assert.deepEqual(parseShares('http'), [{ name: 'http', weight: 1 }]);
    assert.deepEqual(parseShares('ses:80, nhn-sms:0.5'), [
      { name: 'ses', weight: 80 },
      { name: 'nhn-sms', weight: 0.5 },
    ]);
  });

  for (const [text, problem] of [
    ['ses:', /providers with weights/],
    ['ses:80,', /providers with weights/],
    ['ses:-1', /providers with weights/],
    ['ses:many', /providers with weights/],
    ['ses:1,ses:2', /ses twice/],
    ['ses:0,http:1', /weight of 0/],
  ] as const) {
    it(`are not ${text}`, () => {
      const problems = parseShares(text);
      assert.ok(typeof problems === 'string');
      assert.match(problems, problem);
    });
  }

  it('are named by their channel alone, unless it has several', () => {
    const routes = (text: string) => {
      const shares = parseShares(text);
      assert.ok(typeof shares !== 'string');
      return routesOf('EMAIL', shares).map(({ route }) => route);
    };
    assert.deepEqual(routes('ses'), ['EMAIL']);
    assert.deepEqual(routes('ses:4,postmark'), ['EMAIL/ses', 'EMAIL/postmark']);
    assert.deepEqual((['SMS', 'EMAIL/ses'] as const).map(channelOfRoute), ['SMS', 'EMAIL']);
  });

  it('are found in a setting by their channel first', () => {
    const numbers = { ses: 1, 'EMAIL/ses': 2 };
    assert.equal(nameInSetting(numbers, 'EMAIL', 'ses'), 'EMAIL/ses');
    assert.equal(nameInSetting(numbers, 'SMS', 'ses'), 'ses');
    assert.equal(nameInSetting({}, 'SMS', 'ses'), 'ses');
  });
});
