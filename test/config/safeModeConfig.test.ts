import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { refuseInSafeMode } from '../../src/operations/testSends/refuseInSafeMode.ts';

function problemOf(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

describe('the safe mode', () => {
  it('is off unless one of its settings is set, and then names who may get a message', () => {
    assert.equal(loadConfig({}).safeMode, undefined);
    assert.equal(loadConfig({ DELIVER_ONLY_TO: '' }).safeMode, undefined);
    assert.deepEqual(loadConfig({ DELIVER_ONLY_TO: '@company.kr, 01012345678' }).safeMode, {
      onlyTo: [
        { kind: 'domain', domain: 'company.kr' },
        { kind: 'phone', to: '01012345678' },
      ],
      redirectTo: undefined,
    });
    assert.deepEqual(loadConfig({ REDIRECT_ALL_TO: 'qa@company.kr' }).safeMode, {
      onlyTo: undefined,
      redirectTo: { email: 'qa@company.kr', phone: undefined },
    });
  });

  it('has seed addresses beside it, by the kind of contact', () => {
    assert.deepEqual(loadConfig({}).seeds, { email: [], phone: [] });
    const seeds = { SEED_EMAIL: 'a@x.kr,b@y.kr', SEED_PHONE: '010-1234-5678' };
    assert.deepEqual(loadConfig(seeds).seeds, { email: ['a@x.kr', 'b@y.kr'], phone: ['010-1234-5678'] });
  });

  it('takes nothing that it cannot read, and quotes no address', () => {
    for (const [name, value] of [
      ['DELIVER_ONLY_TO', '@company.kr,*'],
      ['DELIVER_ONLY_TO', 'company.kr'],
      ['REDIRECT_ALL_TO', '@company.kr'],
      ['SEED_EMAIL', '01012345678'],
      ['SEED_PHONE', 'qa@company.kr'],
    ] as const) {
      const problem = problemOf({ [name]: value });
      assert.match(problem, new RegExp(`${name} takes .*; entry \\d is none`));
      assert.doesNotMatch(problem, /qa@|0101234/);
    }
    assert.match(problemOf({ REDIRECT_ALL_TO: 'a@x.kr,b@x.kr' }), /one person/);
  });

  it('refuses whatever else would make bills go out, in production too', () => {
    const production = {
      NODE_ENV: 'production',
      PROVIDER_EMAIL: 'simulated',
      PROVIDER_SMS: 'simulated',
      CIPHER_KEYS: `k:${Buffer.alloc(32, 7).toString('base64')}`,
    };
    refuseInSafeMode(loadConfig(production), 'publish');
    refuseInSafeMode({}, 'publish');
    const safe = loadConfig({ ...production, REDIRECT_ALL_TO: 'qa@company.kr' });
    assert.throws(() => refuseInSafeMode(safe, 'publish'), {
      code: 'USAGE',
      message: /^publish is refused while REDIRECT_ALL_TO is set.*unset it.*billcast run rehearse/,
    });
  });
});
