import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { judgeRehearsals, judgeSafeMode } from '../../../src/operations/doctor/checkRehearsal.ts';

describe('the doctor', () => {
  it('warns of settings with which no member gets a bill', () => {
    assert.equal(judgeSafeMode(loadConfig({})).verdict, 'ok');
    const { verdict, text } = judgeSafeMode(loadConfig({ DELIVER_ONLY_TO: '@company.kr' }));
    assert.equal(verdict, 'warn');
    assert.match(text, /^DELIVER_ONLY_TO has 1 entries: .*unset it/);
    assert.doesNotMatch(text, /company/);
  });

  it('names the rehearsals that are open', () => {
    assert.equal(judgeRehearsals([]).verdict, 'ok');
    const { verdict, text } = judgeRehearsals([{ run: '2026-11-r', state: 'PAUSED', since: new Date() }]);
    assert.equal(verdict, 'warn');
    assert.match(text, /^2026-11-r \(PAUSED\)/);
  });
});
