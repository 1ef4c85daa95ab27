import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBatchLoop } from '../../../../tools/bench/floor/batchLoop.ts';

describe('batch loop', () => {
  it('works through everything in order, in batches up to the largest and no more at once than allowed', async () => {
    const batches: number[][] = [];
    let atWork = 0;
    let most = 0;
    const done = Promise.withResolvers<void>();
    const loop = createBatchLoop<number>({
      largest: 3,
      atOnce: 2,
      work: async (batch) => {
        most = Math.max(most, ++atWork);
        batches.push(batch);
        await new Promise((resolve) => setImmediate(resolve));
        atWork -= 1;
        if (batches.flat().length === 10) done.resolve();
      },
      onError: done.reject,
    });
    loop.add([0, 1, 2, 3, 4]);
    loop.add([5, 6, 7, 8, 9]);
    await done.promise;
    assert.deepEqual(batches, [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]);
    assert.equal(most, 2);
    assert.equal(loop.waiting(), 0);
  });

  it('reports what goes wrong', async () => {
    const failed = Promise.withResolvers<unknown>();
    const loop = createBatchLoop<number>({
      largest: 1,
      atOnce: 1,
      work: () => Promise.reject(new Error('no')),
      onError: failed.resolve,
    });
    loop.add([1]);
    assert.match(String(await failed.promise), /no/);
  });
});
