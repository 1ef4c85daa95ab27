import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BucketTally } from '../../src/metrics/bucketTally.ts';

describe('a tally by buckets', () => {
  it('puts a value at a bound into the bucket below it, and large ones into the last', () => {
    const tally = new BucketTally([1, 2]);
    for (const value of [0, 1, 1.5, 2, 3]) tally.record(value);
    assert.deepEqual(tally.counts, [2, 2, 1]);
    assert.equal(tally.sum, 7.5);
  });
});
