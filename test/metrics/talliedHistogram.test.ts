import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Registry } from 'prom-client';
import { BucketTally } from '../../src/metrics/bucketTally.ts';
import { TalliedHistogram } from '../../src/metrics/talliedHistogram.ts';

describe('a histogram of tallies', () => {
  it('prints what was counted elsewhere, with buckets that add up', async () => {
    const registry = new Registry();
    const tally = new BucketTally([0.5, 1]);
    new TalliedHistogram({
      name: 'x_seconds',
      help: 'x',
      labelNames: ['stage'],
      series: [{ labels: { stage: 'claim' }, tally }],
      registry,
    });
    for (const value of [0.1, 0.7, 9]) tally.record(value);
    const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('x_'));
    assert.deepEqual(lines, [
      'x_seconds_bucket{le="0.5",stage="claim"} 1',
      'x_seconds_bucket{le="1",stage="claim"} 2',
      'x_seconds_bucket{le="+Inf",stage="claim"} 3',
      'x_seconds_sum{stage="claim"} 9.8',
      'x_seconds_count{stage="claim"} 3',
    ]);
    assert.equal((await registry.getMetricsAsJSON())[0]?.values.length, 5);
  });
});
