import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { delayMsOf, drawFault, type FaultRates, faults } from '../../../tools/gateway/injectedFault.ts';
import { noFaults } from '../../support/testGateway.ts';

const attempts = Array.from({ length: 10_000 }, (_, bill) => ({
  key: `${bill}:EMAIL:1`,
  number: 1,
  seed: 7,
}));
function countOf(rates: FaultRates) {
  const counts = new Map<string, number>();
  for (const attempt of attempts) {
    const fault = drawFault(attempt, rates) ?? 'none';
    counts.set(fault, (counts.get(fault) ?? 0) + 1);
  }
  return counts;
}

describe('a fault', () => {
  it('hits as many attempts as its rate says', () => {
    const counts = countOf({ ...noFaults, refuse: 0.1, break: 0.02, hang: 0.005 });
    for (const [fault, share] of [
      ['refuse', 0.1],
      ['break', 0.02],
      ['hang', 0.005],
      ['none', 0.875],
    ] as const) {
      const found = (counts.get(fault) ?? 0) / attempts.length;
      assert.ok(Math.abs(found - share) < 0.01, `${fault}: ${found}`);
    }
    assert.equal(counts.size, 4);
  });

  it('hits none at 0 and all at 1', () => {
    assert.deepEqual([...countOf(noFaults)], [['none', attempts.length]]);
    for (const fault of faults) {
      assert.deepEqual([...countOf({ ...noFaults, [fault]: 1 })], [[fault, attempts.length]]);
    }
  });

  it('hits the same attempts with the same seed, others with another, and draws for each later attempt', () => {
    const rates = { ...noFaults, unavailable: 0.5 };
    const fates = (change: object) => attempts.map((attempt) => drawFault({ ...attempt, ...change }, rates));
    assert.deepEqual(fates({}), fates({}));
    assert.notDeepEqual(fates({}), fates({ seed: 8 }));
    assert.notDeepEqual(fates({}), fates({ number: 2 }));
  });
});

describe('the delay', () => {
  const delays = (slowness: { delayMs: number; slowRate: number; slowMs: number }) =>
    attempts.map((attempt) => delayMsOf(attempt, slowness));

  it('is the same for all if none is slow', () => {
    assert.deepEqual(new Set(delays({ delayMs: 20, slowRate: 0, slowMs: 1_000 })), new Set([20]));
  });

  it('is longer for the slow share, by so much on average, and repeats', () => {
    const slow = delays({ delayMs: 20, slowRate: 0.1, slowMs: 1_000 }).filter((ms) => ms > 20);
    assert.ok(Math.abs(slow.length / attempts.length - 0.1) < 0.01);
    const mean = slow.reduce((sum, ms) => sum + ms - 20, 0) / slow.length;
    assert.ok(mean > 900 && mean < 1_100, String(mean));
    assert.ok(Math.max(...slow) > 4_000, 'a few take very long');
    assert.deepEqual(
      delays({ delayMs: 20, slowRate: 0.1, slowMs: 1_000 }),
      delays({ delayMs: 20, slowRate: 0.1, slowMs: 1_000 }),
    );
  });
});
