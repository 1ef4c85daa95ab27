import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { nextLookupDelayMs, retransmitDelayMs, retryDelayMs } from '../../src/policy/retryPolicy.ts';

const attempts = fc.integer({ min: 0, max: 10_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the back-off', () => {
  it('doubles from 1 s to 5 min', () => {
    const delays = [0, 1, 2, 3, 8, 9, 10, 1_000].map((count) => retryDelayMs(count, 0, 0));
    assert.deepEqual(delays, [1_000, 1_000, 2_000, 4_000, 128_000, 256_000, 300_000, 300_000]);
  });

  it('is between half of it and all of it, and finite', () => {
    fc.assert(
      fc.property(attempts, random, (count, share) => {
        const full = retryDelayMs(count, 0, 0);
        const delay = retryDelayMs(count, 0, share);
        assert.ok(delay >= full / 2 && delay <= full && full <= 300_000);
      }),
    );
  });

  it('never shrinks with another attempt', () => {
    fc.assert(
      fc.property(attempts, random, (count, share) =>
        assert.ok(retryDelayMs(count + 1, 0, share) >= retryDelayMs(count, 0, share)),
      ),
    );
  });

  it('is never shorter than the provider asked for', () => {
    fc.assert(
      fc.property(attempts, random, fc.nat(), (count, share, askedMs) =>
        assert.ok(retryDelayMs(count, askedMs, share) >= askedMs),
      ),
    );
  });

  it('spreads bills that failed together', () => {
    const delays = new Set(Array.from({ length: 100 }, (_, index) => retryDelayMs(5, 0, index / 100)));
    assert.equal(delays.size, 100);
  });
});

describe('the retransmission', () => {
  const policy = { delayMs: 600_000, maxCycles: 4 };

  it('comes after each cycle but the last, each time twice as late', () => {
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((cycle) => retransmitDelayMs(cycle, policy)),
      [600_000, 1_200_000, 2_400_000, undefined, undefined],
    );
  });

  it('is made once a cycle below the maximum, for every maximum and delay', () => {
    const counts = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(counts, counts, fc.nat(), (cycle, maxCycles, delayMs) => {
        const delay = retransmitDelayMs(cycle, { delayMs, maxCycles });
        assert.equal(delay !== undefined, cycle < maxCycles);
        if (delay !== undefined) assert.ok(delay >= delayMs);
      }),
    );
  });
});

describe('the next lookup', () => {
  it('comes after a quarter of the time in doubt, 5 s to 10 min', () => {
    assert.deepEqual(
      [0, 20_000, 40_000, 2_400_000, 1e12].map(nextLookupDelayMs),
      [5_000, 5_000, 10_000, 600_000, 600_000],
    );
  });
});
