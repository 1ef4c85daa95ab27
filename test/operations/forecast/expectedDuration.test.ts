import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { perChannel } from '../../../src/channels.ts';
import { expectedDuration } from '../../../src/operations/forecast/expectedDuration.ts';
import type { ProviderShares } from '../../../src/providers/providerShares.ts';

const shares: ProviderShares = {
  ...perChannel(() => []),
  EMAIL: [{ name: 'ses', weight: 1 }],
  SMS: [{ name: 'solapi', weight: 1 }],
};
const messages = [
  { channel: 'EMAIL', form: 'email', messages: 9_000 },
  { channel: 'SMS', form: 'sms', messages: 800 },
  { channel: 'SMS', form: 'lms', messages: 200 },
] as const;

describe('the expected duration', () => {
  it('is that of the slowest limit, and says which it is', () => {
    const facts = expectedDuration({
      bills: 10_000,
      messages,
      shares,
      perSecond: 100,
      atWarmup: { seconds: 150, day: '2026-12-02' },
      rates: { ses: 500, 'SMS/solapi': 5 },
      measured: { month: '2026-10', billsPerSecond: 1_000, bills: 5_000 },
    });
    assert.deepEqual(facts.atProviderPace, { seconds: 200, channel: 'SMS' });
    assert.deepEqual(facts.atMeasuredRate, {
      seconds: 10,
      billsPerSecond: 1_000,
      month: '2026-10',
      bills: 5_000,
    });
    assert.deepEqual(facts.atPlannedPace, { seconds: 100, billsPerSecond: 100 });
    assert.deepEqual(facts.expected, { seconds: 200, by: 'providerPace' });
  });

  it('is unknown if nothing limits it and nothing was measured', () => {
    const unknown = { bills: 10_000, messages, shares, rates: {}, perSecond: undefined, atWarmup: null };
    assert.equal(expectedDuration({ ...unknown, measured: undefined }).expected, null);
  });
});
