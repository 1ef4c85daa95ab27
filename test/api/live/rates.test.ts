import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rates } from '../../../src/api/live/rates.ts';
import type { StateCounts } from '../../../src/db/reads/stateCounts.ts';

function counted(seconds: number, counts: Partial<StateCounts>) {
  const none = { pending: 0, waiting: 0, held: 0, owed: 0, sending: 0, sent: 0, delivered: 0, failed: 0 };
  const others = {
    inDoubt: 0,
    cancelled: 0,
    total: 0,
    deadLetters: 0,
    retransmissions: 0,
    sms: 0,
    earlyEvents: 0,
    confirmed: 0,
    bounced: 0,
  };
  return { asOf: new Date(seconds * 1_000), counts: { ...none, ...others, ...counts } };
}

function ratesBetween(...readings: readonly ReturnType<typeof counted>[]) {
  const rates = new Rates();
  for (const reading of readings) rates.add(reading);
  return rates.current();
}

describe('the rates', () => {
  it('are those between two readings, with the time that is left for what is due', () => {
    const first = counted(0, { delivered: 100, failed: 1 });
    const last = counted(10, {
      delivered: 600,
      failed: 11,
      pending: 1_200,
      held: 150,
      waiting: 50,
      sent: 20,
    });
    assert.deepEqual(ratesBetween(first, last), {
      overMs: 10_000,
      deliveredPerSecond: 50,
      failedPerSecond: 1,
      secondsLeft: 20,
    });
  });

  it('do not know the time left if nothing moves, and have none left if nothing is due', () => {
    assert.equal(ratesBetween(counted(0, {}), counted(1, { pending: 5 }))?.secondsLeft, null);
    assert.equal(ratesBetween(counted(0, {}), counted(1, { pending: 5, held: 5 }))?.secondsLeft, 0);
  });

  it('are never below 0, also if bills start over', () => {
    assert.equal(ratesBetween(counted(0, { failed: 9 }), counted(1, { failed: 2 }))?.failedPerSecond, 0);
  });

  it('are over the last 15 seconds, or over the last two readings if these are rarer', () => {
    const rates = new Rates();
    rates.add(counted(0, {}));
    assert.equal(rates.current(), null);
    for (const second of [5, 5, 10, 15, 20]) rates.add(counted(second, { delivered: second }));
    assert.equal(rates.current()?.overMs, 15_000);
    rates.add(counted(100, { delivered: 100 }));
    assert.equal(rates.current()?.overMs, 80_000);
  });
});
