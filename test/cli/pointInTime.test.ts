import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFutureTime, parsePointInTime } from '../../src/cli/pointInTime.ts';

const inSeoul = { flag: '--at', timeZone: 'Asia/Seoul' };

describe('a point in time on the command line', () => {
  const good: readonly [string, string][] = [
    ['2026-11-25T09:00+09:00', '2026-11-25T00:00:00.000Z'],
    ['2026-11-25T09:00Z', '2026-11-25T09:00:00.000Z'],
    ['2026-11-25T09:00', '2026-11-25T00:00:00.000Z'],
    ['2026-11-25 09:00:30', '2026-11-25T00:00:30.000Z'],
    ['2026-11-25T09:00:30.250', '2026-11-25T00:00:30.250Z'],
    ['2026-11-25', '2026-11-24T15:00:00.000Z'],
    ['2028-02-29T00:00', '2028-02-28T15:00:00.000Z'],
  ];
  for (const [text, expected] of good) {
    it(`${text} is ${expected}`, () => assert.equal(parsePointInTime(text, inSeoul).toISOString(), expected));
  }

  for (const text of [
    'Nov 25 09:00',
    '25 Nov',
    '9',
    '2026',
    '2026-11',
    '20261125',
    '2026-02-30',
    '2026-02-30T09:00+09:00',
    '2026-11-25T24:30',
    '2026-11-25T09',
    '2026-13-01',
    '2026-11-25T09:00+0900',
    '2026-11-25T09:00[Asia/Seoul]',
    '0000-01-01',
    '9999-12-31T23:59-23:59',
    '',
  ]) {
    it(`refuses "${text}" and says how to write it`, () =>
      assert.throws(() => parsePointInTime(text, inSeoul), { code: 'USAGE', message: /^--at / }));
  }

  it('refuses a local time that the clock change skips or repeats, unless its offset is given', () => {
    const inBerlin = { flag: '--at', timeZone: 'Europe/Berlin' };
    assert.throws(() => parsePointInTime('2026-03-29T02:30', inBerlin), { code: 'USAGE' });
    assert.throws(() => parsePointInTime('2026-10-25T02:30', inBerlin), { code: 'USAGE' });
    assert.equal(
      parsePointInTime('2026-10-25T02:30+01:00', inBerlin).toISOString(),
      '2026-10-25T01:30:00.000Z',
    );
  });

  it('refuses the past if something has to wait for it', () => {
    const now = new Date('2026-11-25T00:00:00Z');
    assert.throws(() => parseFutureTime('2026-11-25T09:00', { ...inSeoul, now }), {
      message: /is in the past: it is 2026-11-25 09:00:00 \(Asia\/Seoul\)\./,
    });
    assert.equal(
      parseFutureTime('2026-11-25T09:01', { ...inSeoul, now }).toISOString(),
      '2026-11-25T00:01:00.000Z',
    );
  });
});
