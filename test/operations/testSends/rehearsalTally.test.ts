import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RehearsalTally } from '../../../src/operations/testSends/rehearsalTally.ts';
import type { TestResult } from '../../../src/operations/testSends/sendTests.ts';

function tallyOf(...results: readonly TestResult[]): RehearsalTally {
  const tally = new RehearsalTally();
  for (const result of results) tally.add(result);
  return tally;
}

const accepted = { kind: 'accepted' } as const;
const away = { kind: 'notSent', reason: 'NO_CONNECTION', cause: 'ECONNREFUSED' } as const;

describe('what a rehearsal has come to', () => {
  it('is each bill once, and the reasons of those that were not sent', () => {
    const tally = tallyOf(
      accepted,
      { kind: 'before' },
      { kind: 'unwanted' },
      { kind: 'beyondLimit' },
      { kind: 'unpreparable', reason: 'BILL_INCOMPLETE' },
      { kind: 'unpreparable', reason: 'BILL_INCOMPLETE' },
      { kind: 'refused', reason: 'HTTP_422' },
      away,
      { kind: 'unknown', reason: 'TIME_OUT' },
    );
    assert.deepEqual(tally.counts, {
      bills: 9,
      sent: 1,
      sentBefore: 1,
      notListed: 1,
      beyondLimit: 1,
      unpreparable: 2,
      refused: 1,
      notSent: 1,
      unknown: 1,
      reasons: { BILL_INCOMPLETE: 2, HTTP_422: 1, NO_CONNECTION: 1, TIME_OUT: 1 },
    });
    assert.equal(tally.used, 5);
  });

  it('is trouble after ten messages in a row that nobody took', () => {
    const nine = Array.from({ length: 9 }, () => away);
    assert.equal(tallyOf(...nine).trouble, undefined);
    assert.equal(tallyOf(...nine, accepted, away).trouble, undefined);
    assert.equal(tallyOf(...nine, { kind: 'unwanted' }, away).trouble, 'ECONNREFUSED');
  });
});
