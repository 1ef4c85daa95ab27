import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoffMs } from '../../src/lib/backoff.ts';

const backoff = { firstMs: 500, longestMs: 10_000 };

describe('backoffMs', () => {
  it('doubles with each failure up to the longest wait', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 5_000].map((failures) => backoffMs(failures, backoff));
    assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it('begins with the first wait, also before any failure', () => {
    assert.equal(backoffMs(0, backoff), 500);
    assert.equal(backoffMs(-1, backoff), 500);
  });

  it('is shortened at random by at most the share of `jitter`', () => {
    const jittered = { ...backoff, jitter: 0.25 };
    assert.equal(backoffMs(2, jittered, 0), 1_000);
    assert.equal(backoffMs(2, jittered, 0.5), 875);
    for (let index = 0; index < 100; index++) {
      const waitMs = backoffMs(2, jittered);
      assert.ok(waitMs > 750 && waitMs <= 1_000, `${waitMs}`);
    }
  });
});
