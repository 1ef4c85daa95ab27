import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SendTally } from '../../src/metrics/sendTally.ts';
import type { SendAnswer } from '../../src/providers/provider.ts';

const answers: readonly SendAnswer[] = [
  { kind: 'accepted' },
  { kind: 'refused', reason: 'r' },
  { kind: 'notSent', reason: 'r' },
  { kind: 'notSent', reason: 'r', trouble: 'unreachable' },
  { kind: 'notSent', reason: 'r', trouble: 'busy' },
  { kind: 'notSent', reason: 'r', trouble: 'pace' },
  { kind: 'misconfigured', reason: 'r' },
  { kind: 'misconfigured', reason: 'r', scope: 'settingsOrBill' },
  { kind: 'unknown', reason: 'r' },
];

describe('the tally of sends', () => {
  it('has one place per kind of answer, in the order of their labels', () => {
    for (const [index, answer] of answers.entries()) {
      const tally = new SendTally();
      tally.record(answer, 20);
      assert.deepEqual(
        tally.counts.map(({ count }) => count),
        answers.map((_, other) => Number(other === index)),
      );
      const { outcome } = tally.counts[index] ?? assert.fail();
      const taken = tally.durations.filter(({ tally: { sum } }) => sum === 0.02);
      assert.deepEqual(
        taken.map((one) => one.outcome),
        [outcome],
      );
    }
  });
});
