import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLimit } from '../../src/lib/limit.ts';

describe('createLimit', () => {
  it('runs a fixed number at a time, in the order they came, also after failures', async () => {
    const limit = createLimit(2);
    const begun: number[] = [];
    let [running, most] = [0, 0];
    const run = async (index: number): Promise<void> => {
      begun.push(index);
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      if (index % 3 === 0) throw new Error('failed');
    };
    const all = Array.from({ length: 20 }, (_, index) => index);
    await Promise.allSettled(all.map((index) => limit(() => run(index))));
    assert.deepEqual(begun, all);
    assert.equal(most, 2);
  });
});
