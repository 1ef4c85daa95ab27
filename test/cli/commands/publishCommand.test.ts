import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutEmailText } from '../../../src/cli/commands/publishCommand.ts';
import { ladderOf } from '../../support/standardLadder.ts';

const held = { bills: 500, withoutEmail: 5 };

describe('the question before a release', () => {
  it('says by which channel bills without an e-mail address go', () => {
    for (const [ladder, way] of [
      [ladderOf('EMAIL', 'SMS'), 'by SMS'],
      [ladderOf('EMAIL', 'ALIMTALK', 'SMS'), 'by AlimTalk'],
      [ladderOf('EMAIL'), 'not at all'],
    ] as const) {
      const text = `, 5 (1.0 %) of them ${way}, because the member has no e-mail address`;
      assert.equal(withoutEmailText(held, ladder), text);
    }
  });

  it('says nothing of addresses if e-mail is not the first channel', () => {
    assert.equal(withoutEmailText(held, ladderOf('SMS', 'EMAIL')), '');
  });
});
