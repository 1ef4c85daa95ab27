import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createRandom } from '../../src/sample/random.ts';

const seeds = fc.maxSafeInteger();
const streams = fc.bigInt(0n, 2n ** 63n - 1n);

function numbersOf(seed: number, stream: bigint): number[] {
  const random = createRandom(seed, stream);
  return Array.from({ length: 8 }, () => random.integer(0, 2 ** 31));
}

describe('createRandom', () => {
  it('repeats itself for the same seed and stream', () => {
    fc.assert(
      fc.property(seeds, streams, (seed, stream) => {
        assert.deepEqual(numbersOf(seed, stream), numbersOf(seed, stream));
      }),
    );
  });

  it('differs for another seed, and for another stream', () => {
    fc.assert(
      fc.property(seeds, streams, (seed, stream) => {
        assert.notDeepEqual(numbersOf(seed, stream), numbersOf(seed === 0 ? 1 : -seed, stream));
        assert.notDeepEqual(numbersOf(seed, stream), numbersOf(seed, stream ^ 1n));
        assert.notDeepEqual(numbersOf(seed, stream), numbersOf(seed, stream ^ (1n << 40n)));
      }),
    );
  });

  it('keeps whole numbers between their bounds and reaches both', () => {
    const random = createRandom(1, 1n);
    const seen = new Set(Array.from({ length: 1_000 }, () => random.integer(-2, 3)));
    assert.deepEqual([...seen].sort(), [-1, -2, 0, 1, 2, 3]);
  });

  it('spreads neighbouring streams evenly', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let stream = 0n; stream < 20_000n; stream += 1n) {
      const tenth = createRandom(7, stream).integer(0, 9);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) assert.ok(count > 1_800 && count < 2_200, `one tenth has ${count}`);
  });

  it('draws different choices, as many as asked for or there are', () => {
    const choices = ['a', 'b', 'c', 'd'];
    fc.assert(
      fc.property(seeds, fc.nat(6), (seed, count) => {
        const drawn = createRandom(seed, 0n).draw(choices, count);
        assert.equal(new Set(drawn).size, Math.min(count, choices.length));
        assert.equal(drawn.length, Math.min(count, choices.length));
      }),
    );
  });

  it('picks in proportion to the weights, and never one of weight 0', () => {
    const random = createRandom(3, 0n);
    const picked = Array.from(
      { length: 10_000 },
      () =>
        random.pickWeighted([
          { name: 'never', weight: 0 },
          { name: 'rare', weight: 1 },
          { name: 'often', weight: 9 },
        ]).name,
    );
    const rare = picked.filter((name) => name === 'rare').length;
    assert.ok(rare > 850 && rare < 1_150, `${rare} of 10,000`);
    assert.ok(!picked.includes('never'));
  });
});
