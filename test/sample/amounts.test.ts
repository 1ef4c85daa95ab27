import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { amountsOf, type Charge } from '../../src/sample/amounts.ts';

const charges: fc.Arbitrary<Charge[]> = fc.array(
  fc.record({
    category: fc.constantFrom('SUBSCRIPTION', 'OVER_USAGE', 'ONE_TIME_PURCHASE', 'DISCOUNT'),
    amount: fc.nat(1_000_000),
  }),
);

describe('amountsOf', () => {
  it('adds a bill up', () => {
    const amounts = amountsOf(
      [
        { category: 'SUBSCRIPTION', amount: 85_000 },
        { category: 'SUBSCRIPTION', amount: 19_500 },
        { category: 'OVER_USAGE', amount: 11_000 },
        { category: 'ONE_TIME_PURCHASE', amount: 9_900 },
        { category: 'DISCOUNT', amount: 38_500 },
      ],
      12_000,
    );
    assert.deepEqual(amounts, {
      monthlyFee: 104_500,
      additionalFee: 20_900,
      totalAmount: 125_400,
      vat: 11_400,
      totalDiscountAmount: 38_500,
      unpaidAmount: 12_000,
      totalBilledAmount: 98_900,
    });
  });

  it('counts every item once, whatever the order', () => {
    fc.assert(
      fc.property(charges, fc.nat(1_000_000), (list, unpaid) => {
        const amounts = amountsOf(list, unpaid);
        const signed = list.map(({ category, amount }) => (category === 'DISCOUNT' ? -amount : amount));
        assert.equal(
          amounts.totalBilledAmount,
          signed.reduce((sum, amount) => sum + amount, unpaid),
        );
        assert.equal(amounts.totalAmount, amounts.monthlyFee + amounts.additionalFee);
        assert.deepEqual(amountsOf(list.toReversed(), unpaid), amounts);
      }),
    );
  });

  it('finds the tax of 10 % that is in the total, to the nearest won', () => {
    fc.assert(
      fc.property(charges, (list) => {
        const { totalAmount, vat } = amountsOf(list, 0);
        assert.ok(Number.isSafeInteger(vat));
        assert.ok(Math.abs((totalAmount - vat) * 0.1 - vat) <= 0.55 + 1e-6);
      }),
    );
  });
});
