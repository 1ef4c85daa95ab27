import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { amountsOf } from '../../src/sample/amounts.ts';
import { monthBefore, type SampleBill, sampleBills } from '../../src/sample/makeBill.ts';
import { createRandom } from '../../src/sample/random.ts';

const streams = fc.bigInt(0n, 2n ** 63n - 1n);
function billsOf(stream: bigint): SampleBill[] {
  return sampleBills(createRandom(1, stream), '2026-02-01');
}

describe('sampleBills', () => {
  it('makes the month and the three before it, oldest first', () => {
    const bills = billsOf(1n);
    assert.deepEqual(
      bills.map((bill) => bill.billingMonth),
      ['2025-11-01', '2025-12-01', '2026-01-01', '2026-02-01'],
    );
    for (const { billingMonth, dueDate, issuedAt } of bills) {
      assert.equal(dueDate.slice(0, 7), billingMonth.slice(0, 7));
      assert.equal(issuedAt, `${billingMonth.slice(0, 7)}-03T09:00:00+09:00`);
    }
  });

  it('makes bills that add up from 4 to 20 items', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        for (const { items, amounts } of billsOf(stream)) {
          assert.ok(items.length >= 4 && items.length <= 20, `${items.length} items`);
          assert.ok(items.every(({ amount }) => Number.isSafeInteger(amount) && amount > 0));
          assert.deepEqual(amounts, amountsOf(items, amounts.unpaidAmount));
          assert.ok(amounts.totalBilledAmount > 0);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('carries what was not paid over to the next bill, on a few', () => {
    const histories = Array.from({ length: 2_000 }, (_, stream) => billsOf(BigInt(stream)));
    for (const bills of histories) {
      for (const [index, { amounts }] of bills.entries()) {
        assert.ok([0, bills[index - 1]?.amounts.totalBilledAmount].includes(amounts.unpaidAmount));
      }
    }
    const owing = histories.filter((bills) => (bills.at(-1)?.amounts.unpaidAmount ?? 0) > 0).length;
    assert.ok(owing > 50 && owing < 160, `${owing} of 2,000`);
  });

  it('dates purchases in the month of use, before the billing month', () => {
    const dates = Array.from({ length: 200 }, (_, stream) => billsOf(BigInt(stream)).at(-1))
      .flatMap((bill) => bill?.items ?? [])
      .flatMap(({ category, detail }) => (category === 'ONE_TIME_PURCHASE' ? [detail?.purchasedOn] : []));
    assert.ok(dates.length > 0);
    for (const date of dates) assert.match(String(date), /^2026-01-\d\d$/);
  });
});

describe('monthBefore', () => {
  it('goes over the turn of the year', () => {
    assert.equal(monthBefore('2026-11-01', 0), '2026-11-01');
    assert.equal(monthBefore('2026-11-01', 3), '2026-08-01');
    assert.equal(monthBefore('2026-01-01', 1), '2025-12-01');
  });
});
