import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { billedPartsOf, findContradiction } from '../../../src/render/bill/billSums.ts';
import { sampleBill } from '../../../src/render/bill/sampleBill.ts';
import type { CompleteBill, LoadedBillRow } from '../../../src/render/bill/sourceBill.ts';
import { sampleMember } from '../../../src/sample/member.ts';
import { addedUp } from './addedUp.ts';

function withRow(row: Partial<LoadedBillRow>): CompleteBill {
  return {
    ...sampleBill,
    bill: { ...sampleBill.bill, ...row },
  };
}
function contradictionIn(bill: CompleteBill, toleranceWon = 0) {
  return findContradiction(bill, toleranceWon);
}

const { items, bill } = sampleBill;
const cases: Readonly<Record<string, readonly [CompleteBill, RegExp]>> = {
  'no items yet': [{ ...sampleBill, items: [] }, /there are no items/],
  'two of eight items': [{ ...sampleBill, items: items.slice(0, 2) }, /monthlyFee .* SUBSCRIPTION/],
  'a subscription missing': [{ ...sampleBill, items: items.slice(1) }, /monthlyFee/],
  'usage missing': [{ ...sampleBill, items: items.toSpliced(3, 1) }, /additionalFee/],
  'a purchase missing': [{ ...sampleBill, items: items.toSpliced(4, 1) }, /additionalFee/],
  'a discount missing': [{ ...sampleBill, items: items.slice(0, -1) }, /totalDiscountAmount/],
  'an item twice': [{ ...sampleBill, items: [...items, items[7]] }, /totalDiscountAmount/],
  'a total of something else': [withRow({ totalAmount: 125_401 }), /totalAmount is not/],
  'a billed amount that leaves out the unpaid one': [
    withRow({ totalBilledAmount: 86_900 }),
    /totalBilledAmount/,
  ],
  'a billed amount that leaves out the discounts': [
    withRow({ totalBilledAmount: 137_400 }),
    /totalBilledAmount/,
  ],
  'a billed amount of one won more': [withRow({ totalBilledAmount: 98_901 }), /totalBilledAmount/],
  'a tax of half the total': [withRow({ vat: 62_700 }), /vat/],
  'amounts that cannot be added exactly': [
    withRow({ unpaidAmount: Number.MAX_SAFE_INTEGER, totalBilledAmount: Number.MAX_SAFE_INTEGER }),
    /exactly/,
  ],
};

const whole: Readonly<Record<string, CompleteBill>> = {
  'the sample bill': sampleBill,
  'no items and no amounts': addedUp({ ...sampleBill, items: [], bill: { ...bill, unpaidAmount: 0 } }),
  'no items, only what is unpaid': addedUp({ ...sampleBill, items: [] }),
  'a credit larger than the bill': addedUp({ ...sampleBill, bill: { ...bill, unpaidAmount: -137_000 } }),
  'discounts larger than the products': addedUp({ ...sampleBill, items: items.slice(5) }),
  'an amount cut to ten won': withRow({ unpaidAmount: 12_009 }),
  'an amount rounded up to ten won': withRow({ unpaidAmount: 11_996 }),
  'a tax on top of the total': withRow({ vat: 12_540, totalBilledAmount: 98_900 + 12_540 }),
  'no tax': withRow({ vat: 0 }),
};

describe('findContradiction', () => {
  for (const [name, [broken, expected]] of Object.entries(cases)) {
    it(`finds ${name}, and quotes no amount`, () => {
      const found = contradictionIn(broken) ?? 'nothing';
      assert.match(found, expected);
      assert.doesNotMatch(found, /\d/);
    });
  }

  for (const [name, bill] of Object.entries(whole)) {
    it(`takes ${name}`, () => assert.equal(contradictionIn(bill), undefined));
  }

  it('takes sums that were rounded line by line as far as the setting says', () => {
    const rounded = withRow({ monthlyFee: 104_502, totalAmount: 125_402, totalBilledAmount: 98_902 });
    assert.match(contradictionIn(rounded, 1) ?? '', /monthlyFee/);
    assert.equal(contradictionIn(rounded, 2), undefined);
  });

  it('takes every bill of the sample data, and none of them with an item less that costs anything', () => {
    for (let id = 1n; id <= 500n; id += 1n) {
      const last = sampleMember(1, id, '2026-11-01').bills.at(-1);
      assert.ok(last !== undefined);
      const loaded = { ...sampleBill, items: last.items, bill: { ...bill, ...last.amounts } };
      assert.equal(contradictionIn(loaded), undefined);
      for (const [index, { amount }] of last.items.entries()) {
        if (amount > 0) {
          assert.notEqual(contradictionIn({ ...loaded, items: last.items.toSpliced(index, 1) }), undefined);
        }
      }
    }
  });

  it('finds any single amount that was changed, but for the rounding to ten won and the tax', () => {
    const columns = ['monthlyFee', 'additionalFee', 'totalAmount', 'totalDiscountAmount'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...columns), fc.integer({ min: 1 }), fc.boolean(), (column, by, up) => {
        const changed = withRow({ [column]: bill[column] + (up ? by : -by) });
        assert.notEqual(contradictionIn(changed), undefined);
      }),
    );
  });
});

describe('billedPartsOf', () => {
  it('takes the tax for included unless only the other way gives the amount', () => {
    assert.deepEqual(billedPartsOf(bill), { vatIsIncluded: true, roundingWon: 0 });
    assert.deepEqual(billedPartsOf({ ...bill, vat: 0 }), { vatIsIncluded: true, roundingWon: 0 });
    assert.deepEqual(billedPartsOf({ ...bill, totalBilledAmount: 110_300 }), {
      vatIsIncluded: false,
      roundingWon: 0,
    });
    assert.deepEqual(billedPartsOf({ ...bill, unpaidAmount: 12_004 }), {
      vatIsIncluded: true,
      roundingWon: -4,
    });
  });
});
