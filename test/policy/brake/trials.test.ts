import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trialIntervalMs } from '../../../src/policy/brake/trials.ts';

describe('trials', () => {
  it('come every 5 s in the first minute, every 10 s in the next ten, then each minute', () => {
    const atS: number[] = [];
    for (let atMs = trialIntervalMs(0); atMs < 900_000; atMs += trialIntervalMs(atMs)) atS.push(atMs / 1_000);
    const waitsS = atS.map((at, index) => at - (atS[index - 1] ?? 0));
    assert.deepEqual(waitsS, [...Array(12).fill(5), ...Array(60).fill(10), 60, 60, 60]);
  });
});
