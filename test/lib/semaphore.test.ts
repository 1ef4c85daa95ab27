import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Semaphore } from '../../src/lib/semaphore.ts';

describe('Semaphore', () => {
  it('gives what is free, and never more than there is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.nat({ max: 9 })), (capacity, wanted) => {
        const slots = new Semaphore(capacity);
        let taken = 0;
        for (const atMost of wanted) {
          const count = slots.tryTake(atMost);
          assert.equal(count, Math.min(atMost, capacity - taken));
          taken += count;
          assert.deepEqual([slots.taken, slots.free], [taken, capacity - taken]);
        }
        slots.release(taken);
        assert.equal(slots.free, capacity);
      }),
    );
  });

  it('without a limit always has room', () => {
    const slots = new Semaphore(Number.POSITIVE_INFINITY);
    assert.equal(slots.tryTake(500), 500);
    slots.release(500);
    assert.equal(slots.taken, 0);
  });

  it('refuses to take back more than was taken', () => {
    const slots = new Semaphore(2);
    slots.tryTake(1);
    assert.throws(() => slots.release(2), RangeError);
    assert.equal(slots.taken, 1);
  });
});
