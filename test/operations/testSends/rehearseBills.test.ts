import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { mayGetIt, rehearsalMark } from '../../../src/operations/testSends/rehearseBills.ts';

function safeModeOf(settings: Record<string, string>) {
  const { safeMode } = loadConfig(settings);
  assert.ok(safeMode !== undefined);
  return safeMode;
}

describe('who gets a message in a rehearsal', () => {
  it('is whoever is listed, and gets it as the member', () => {
    const only = safeModeOf({ DELIVER_ONLY_TO: '@company.kr,01012345678' });
    assert.ok(mayGetIt(only, 'EMAIL', 'kim@company.kr'));
    assert.ok(mayGetIt(only, 'SMS', '010-1234-5678') && mayGetIt(only, 'ALIMTALK', '01012345678'));
    assert.ok(!mayGetIt(only, 'EMAIL', 'kim@member.kr') && !mayGetIt(only, 'SMS', '01099999999'));
    assert.equal(rehearsalMark('r', 'EMAIL', only).to, undefined);
  });

  it('is one person for all, by the kinds of contact that this person has', () => {
    const redirect = safeModeOf({ REDIRECT_ALL_TO: 'qa@company.kr' });
    assert.ok(mayGetIt(redirect, 'EMAIL', 'kim@member.kr'));
    assert.ok(!mayGetIt(redirect, 'SMS', '01012345678'));
    assert.equal(rehearsalMark('r', 'EMAIL', redirect).to, 'qa@company.kr');
  });

  it('is that person for those who are listed, if both are set', () => {
    const both = safeModeOf({ DELIVER_ONLY_TO: '@company.kr', REDIRECT_ALL_TO: 'qa@company.kr' });
    assert.ok(mayGetIt(both, 'EMAIL', 'kim@company.kr') && !mayGetIt(both, 'EMAIL', 'kim@member.kr'));
  });

  it('sees that it is a rehearsal, but in a text that may not be changed', () => {
    const only = safeModeOf({ DELIVER_ONLY_TO: '@company.kr' });
    const { keySuffix, subjectPrefix } = rehearsalMark('2026-11', 'EMAIL', only);
    assert.deepEqual([keySuffix, subjectPrefix], ['rehearsal:2026-11', '[REHEARSAL] ']);
    assert.equal(rehearsalMark('2026-11', 'SMS', only).textPrefix, '[REHEARSAL] ');
    assert.equal(rehearsalMark('2026-11', 'ALIMTALK', only).textPrefix, '');
  });
});
