import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runSummary } from '../../src/cli/runSummary.ts';

it('the summary of a run has each figure in a column, and says what it does not know', () => {
  const verdict = { bills: 10_000, delivered: 9_990, failed: 10, cancelled: 0, inDoubt: 0, waiting: 0 };
  const text = runSummary(
    { ...verdict, inProgress: 0, lost: 0, duplicated: null, testMessages: null },
    { sms: 131, held: 0, retransmissions: 10, channels: ['EMAIL', 'ALIMTALK', 'SMS'] },
  );
  assert.match(text, /^ {2}bills {12}10,000$/m);
  assert.match(text, /^ {2}delivered {9}9,990 {2}131 of them by AlimTalk or SMS$/m);
  assert.match(text, /^ {2}duplicated {6}unknown {2}by the provider's ledger$/m);
});
