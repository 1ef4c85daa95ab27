import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latencyOf } from '../../../../tools/bench/measure/latency.ts';

describe('latency', () => {
  it('is the nearest rank of what was measured, in any order', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    assert.deepEqual(latencyOf(values), { p50: 100, p99: 198, max: 200 });
    assert.deepEqual(latencyOf([7]), { p50: 7, p99: 7, max: 7 });
    assert.throws(() => latencyOf([]), RangeError);
  });
});
