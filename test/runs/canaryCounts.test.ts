import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CanaryGroup, countCanary } from '../../src/runs/canaryCounts.ts';

const delivered: CanaryGroup = {
  bills: 1,
  isOnItsWay: false,
  isWaiting: false,
  isUnknown: false,
  isFailed: false,
  hasTurned: false,
  isRefused: false,
  cameBack: null,
  reason: null,
};

function countsOf(...groups: Partial<CanaryGroup>[]) {
  return countCanary(groups.map((group) => ({ ...delivered, ...group })));
}

describe('the bills of a canary', () => {
  it('count as delivered, on their way or waiting', () => {
    const { bills, onTheirWay, waiting } = countsOf(
      { bills: 5 },
      { bills: 3, isOnItsWay: true },
      { bills: 2, isWaiting: true },
    );
    assert.deepEqual([bills, onTheirWay, waiting], [10, 3, 2]);
  });

  it('that were refused and turned count for both, with the reason of the refusal', () => {
    const { counts, reasons } = countsOf({
      bills: 4,
      isRefused: true,
      hasTurned: true,
      reason: 'EMAIL_REFUSED',
    });
    assert.deepEqual([counts.refused, counts.turned, counts.failed], [4, 4, 0]);
    assert.deepEqual(reasons.turned, { reason: 'EMAIL_REFUSED', bills: 4 });
  });

  it('that failed before they were sent are no refusals, and the most frequent reason is named', () => {
    const { counts, reasons } = countsOf(
      { bills: 4, isFailed: true, reason: 'TEMPLATE_FAILED' },
      { bills: 3, isFailed: true, reason: 'CIPHER_FAILED' },
      { bills: 3, isFailed: true, reason: 'CIPHER_FAILED', hasTurned: true },
      { bills: 9, isFailed: true, reason: 'SMS_REFUSED', isRefused: true },
      { bills: 9, isFailed: true, reason: 'NOTHING_DUE' },
    );
    assert.deepEqual([counts.failed, counts.refused], [10, 9]);
    assert.deepEqual(reasons.failed, { reason: 'CIPHER_FAILED', bills: 6 });
  });

  it('that the provider objects to are against its policy, and not bounced', () => {
    const { counts } = countsOf(
      { bills: 2, isFailed: true, reason: 'PROVIDER_REJECTS_BILL' },
      { bills: 1, cameBack: 'blocked' },
      { bills: 7, cameBack: 'bounced' },
    );
    assert.deepEqual([counts.policy, counts.bounced, counts.failed], [3, 7, 0]);
  });
});
