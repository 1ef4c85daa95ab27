import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Slots } from '../../src/send/slots.ts';

/** The rules in their plainest form: who comes first is served first, with what is free. */
class NaiveSlots {
  taken = 0;
  readonly served: string[] = [];
  readonly #capacity: number;
  readonly #waiting: { who: number; atMost: number }[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  tryTake(atMost: number): number {
    const count = Math.min(atMost, this.#capacity - this.taken);
    this.taken += count;
    return count;
  }

  take(who: number, atMost: number): void {
    this.#waiting.push({ who, atMost });
    if (this.#waiting.length === 1) this.serve();
  }

  serve(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && this.taken < this.#capacity;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.served.push(`${next.who} takes ${this.tryTake(next.atMost)}`);
    }
  }
}

type Step =
  | { readonly kind: 'take' | 'tryTake'; readonly atMost: number }
  | { readonly kind: 'release'; readonly share: number }
  | { readonly kind: 'time passes' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('take' as const, 'tryTake' as const),
    atMost: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant('release' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.constant({ kind: 'time passes' as const }),
);

describe('Slots', () => {
  it('serve those who wait in order, as a naive model does, whatever is taken and released', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(step, { maxLength: 60 }),
        async (capacity, steps) => {
          const slots = new Slots(capacity);
          const model = new NaiveSlots(capacity);
          const served: string[] = [];
          for (const [who, one] of steps.entries()) {
            if (one.kind === 'tryTake') assert.equal(slots.tryTake(one.atMost), model.tryTake(one.atMost));
            if (one.kind === 'take') {
              slots.take(one.atMost).then((count) => served.push(`${who} takes ${count}`));
              model.take(who, one.atMost);
            }
            if (one.kind === 'release') {
              const count = Math.floor(model.taken * one.share);
              slots.release(count);
              model.taken -= count;
            }
            if (one.kind === 'time passes') {
              t.mock.timers.tick(3);
              model.serve();
            }
            await Promise.resolve();
            assert.deepEqual(served, model.served);
            assert.deepEqual([slots.taken, slots.free], [model.taken, capacity - model.taken]);
          }
        },
      ),
    );
  });

  it('give at once what is free, up to what is wanted', async () => {
    const slots = new Slots(5);
    assert.equal(await slots.take(3), 3);
    assert.equal(await slots.take(9), 2);
    assert.equal(slots.tryTake(1), 0);
  });

  it('do not let a newcomer pass those who wait', async () => {
    const slots = new Slots(2);
    await slots.take(2);
    const order: string[] = [];
    const first = slots.take(1).then(() => order.push('first'));
    const second = slots.take(1).then(() => order.push('second'));
    slots.release(2);
    await Promise.all([first, second, slots.take(1).then(() => order.push('third')), release()]);
    assert.deepEqual(order, ['first', 'second', 'third']);

    async function release(): Promise<void> {
      await second;
      slots.release(1);
    }
  });

  it('gather what is freed one by one for one who waits', async () => {
    const slots = new Slots(10);
    await slots.take(10);
    const waiting = slots.take(10);
    for (let slot = 0; slot < 6; slot++) slots.release(1);
    assert.equal(await waiting, 6);
  });

  it('of a provider without a limit are always free', async () => {
    const slots = new Slots(Number.POSITIVE_INFINITY);
    assert.equal(await slots.take(500), 500);
    assert.equal(slots.taken, 500);
    slots.release(500);
    assert.equal(slots.taken, 0);
  });

  it('refuse to take back more than was taken', () => {
    const slots = new Slots(2);
    slots.tryTake(1);
    assert.throws(() => slots.release(2), RangeError);
    assert.equal(slots.taken, 1);
  });
});
