import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Turns } from '../../../src/consumer/pipeline/turns.ts';

/** Gives each amount to the first in turn that may be served, and adds up what each got. */
function share(turns: Turns, amounts: readonly number[], mayServe: (index: number) => boolean = () => true) {
  const got: number[] = [];
  for (const amount of amounts) {
    const next = turns.order.find(mayServe);
    assert.ok(next !== undefined);
    turns.served(next, amount);
    got[next] = (got[next] ?? 0) + amount;
  }
  return got.map((all) => all ?? 0);
}

describe('turns', () => {
  it('share by weight, whatever the amounts: never more than the largest of them apart', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 });
    const amounts = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(weights, amounts, (all, served) => {
        const whole = all.reduce((sum, weight) => sum + weight, 0);
        const got = share(new Turns(all), served);
        const total = served.reduce((sum, amount) => sum + amount, 0);
        for (const [index, weight] of all.entries()) {
          assert.ok(Math.abs((got[index] ?? 0) - (total * weight) / whole) <= 500 * all.length);
        }
      }),
    );
  });

  it('let nobody catch up on what it could not take', () => {
    const turns = new Turns([1, 1]);
    share(turns, Array(100).fill(10), (index) => index === 0);
    assert.deepEqual(share(turns, Array(100).fill(10)), [500, 500]);
  });
});
