import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { trialIntervalMs } from '../../../src/policy/brake/trials.ts';

describe('trials', () => {
  it('come every 5 s at first, every 15 s at most in the first ten minutes, then each minute', () => {
    const atS: number[] = [];
    for (let atMs = trialIntervalMs(0); atMs < 900_000; atMs += trialIntervalMs(atMs)) atS.push(atMs / 1_000);
    const waitsS = atS.map((at, index) => at - (atS[index - 1] ?? 0));
    assert.deepEqual(new Set(waitsS.slice(0, 12)), new Set([5]));
    assert.ok(waitsS.every((wait, index) => wait <= 15 || (atS[index] ?? 0) > 660));
    assert.equal(waitsS.at(-1), 60);
  });
});
