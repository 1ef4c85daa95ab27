import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTokenBucket } from '../../../tools/gateway/tokenBucket.ts';

/** How many of those who ask at these times are let through. */
function letThrough(perSecond: number | undefined, timesMs: readonly number[]): number {
  const bucket = createTokenBucket(perSecond);
  return timesMs.filter((nowMs) => bucket.take(nowMs)).length;
}
function every(ms: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => index * ms);
}

describe('a bucket of tokens', () => {
  it("lets a second's worth through at once, and then its rate per second", () => {
    assert.equal(letThrough(50, every(0, 200)), 50);
    assert.equal(letThrough(50, every(1, 10_001)), 550);
    assert.equal(letThrough(50, every(20, 1_000)), 1_000, 'nobody who keeps to it waits');
  });

  it('saves no more than a second for later', () => {
    assert.equal(letThrough(50, [0, ...Array.from({ length: 200 }, () => 3_600_000)]), 51);
  });

  it('without a rate lets everybody through', () => {
    assert.equal(letThrough(undefined, every(0, 1_000)), 1_000);
  });
});
