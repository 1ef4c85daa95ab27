import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { billViewOf } from '../../../src/render/bill/billView.ts';
import { sampleBill } from '../../../src/render/bill/sampleBill.ts';
import type { CompleteBill } from '../../../src/render/bill/sourceBill.ts';
import { createValueWords } from '../../../src/render/bill/valueWords.ts';
import { builtInWords } from '../../../src/render/template/languageWords.ts';

/** Instants stay as they are. */
const korean = { words: createValueWords(builtInWords('ko')), dayOf: (instant: string) => instant };
const english = { ...korean, words: createValueWords(builtInWords('en')) };

function viewOf(changed: Partial<CompleteBill> = {}) {
  return billViewOf({ ...sampleBill, ...changed }, { ...sampleBill.member, ...sampleBill.bill }, korean);
}

describe('billViewOf', () => {
  it('makes the invoice number of month and bill id', () => {
    assert.equal(viewOf().invoiceNumber, '2026110000007');
    assert.equal(viewOf({ billId: '123456789' }).invoiceNumber, '202611123456789');
  });

  it('bills the use of the month before', () => {
    assert.equal(viewOf().usagePeriod, '2026.10.01 ~ 2026.10.31');
    const january = { ...sampleBill.bill, billingMonth: '2026-01-01' };
    assert.equal(viewOf({ bill: january }).usagePeriod, '2025.12.01 ~ 2025.12.31');
  });

  it('splits products from discounts, and sums them up', () => {
    const view = viewOf();
    assert.deepEqual([view.products.length, view.discounts.length], [5, 3]);
    assert.deepEqual(
      [view.monthlyFee, view.additionalFee, view.productsTotal, view.discountsTotal],
      ['104,500원', '20,900원', '125,400원', '-38,500원'],
    );
    assert.deepEqual(view.discounts[0], { kind: '약정', name: '선택약정 25% 할인', amount: '-21,250원' });
    assert.deepEqual(view.products[3], {
      kind: '초과 사용',
      name: '데이터 초과 사용 1.2GB',
      amount: '11,000원',
    });
  });

  it('shows the last four months, oldest first, and a missing one as - and 0', () => {
    assert.deepEqual(viewOf().months, [
      { label: '-', amount: '0원', barPercent: '', isCurrent: false },
      { label: '9월', amount: '112,750원', barPercent: '100', isCurrent: false },
      { label: '10월', amount: '84,300원', barPercent: '75', isCurrent: false },
      { label: '11월', amount: '98,900원', barPercent: '88', isCurrent: true },
    ]);
    const months = [
      { billingMonth: '2025-12-01', totalBilledAmount: -500 },
      { billingMonth: '2026-01-01', totalBilledAmount: 1 },
    ];
    const bill = { ...sampleBill.bill, billingMonth: '2026-02-01', totalBilledAmount: 100_000 };
    const view = viewOf({ months, bill });
    assert.deepEqual(
      view.months.map(({ label, barPercent }) => [label, barPercent]),
      [
        ['-', ''],
        ['12월', ''],
        ['1월', '1'],
        ['2월', '100'],
      ],
    );
  });

  it("shows this bill's own amount in its month, whatever other bills that month has", () => {
    const other = { billingMonth: '2026-11-01', totalBilledAmount: 1_234_567 };
    const { months } = viewOf({ months: [other, ...sampleBill.months, other] });
    assert.deepEqual(months.at(-1), { label: '11월', amount: '98,900원', barPercent: '88', isCurrent: true });
  });

  it('shows no amount of an earlier month with several bills: none is known to be of the same line', () => {
    const second = { billingMonth: '2026-09-01', totalBilledAmount: 55_000 };
    const { months } = viewOf({ months: [...sampleBill.months, second] });
    assert.deepEqual(
      months.map(({ label, amount, barPercent }) => [label, amount, barPercent]),
      [
        ['-', '0원', ''],
        ['9월', '-', ''],
        ['10월', '84,300원', '85'],
        ['11월', '98,900원', '100'],
      ],
    );
  });

  it('asks for no payment by a date if nothing is due, and shows the credit', () => {
    for (const [unpaidAmount, credit] of [
      [-98_900, '-98,900원'],
      [-137_000, '-137,000원'],
    ] as const) {
      const bill = { ...sampleBill.bill, unpaidAmount, totalBilledAmount: 86_900 + unpaidAmount };
      const view = viewOf({ bill });
      assert.deepEqual(
        [view.dueDate, view.nothingDue, view.hasCredit, view.credit, view.hasUnpaid],
        [null, true, true, credit, false],
      );
    }
    const { dueDate, nothingDue, hasCredit } = viewOf();
    assert.deepEqual([dueDate, nothingDue, hasCredit], ['2026년 11월 25일', false, false]);
  });

  it('shows what was cut off to ten won, and a tax that is added to the prices as such', () => {
    const cut = viewOf({ bill: { ...sampleBill.bill, unpaidAmount: 12_005 } });
    assert.deepEqual([cut.hasRounding, cut.rounding, cut.vatIsIncluded], [true, '-5원', true]);
    const added = viewOf({ bill: { ...sampleBill.bill, totalBilledAmount: 98_900 + 11_400 } });
    assert.deepEqual([added.hasRounding, added.vatIsIncluded], [false, false]);
  });

  it('writes months, days and amounts as the language does', () => {
    const personal = { ...sampleBill.member, ...sampleBill.bill, name: '' };
    const view = billViewOf(sampleBill, personal, english);
    assert.deepEqual(
      [view.billingMonth, view.month, view.dueDate, view.totalBilled, view.discountsTotal, view.memberName],
      ['November 2026', 'November', 'November 25, 2026', 'KRW 98,900', '-KRW 38,500', 'Customer'],
    );
    assert.equal(
      view.usagePeriod.replaceAll(/[\u2009–]/g, '-'),
      'October 1 - 31, 2026'.replaceAll(' - ', '---'),
    );
    assert.deepEqual(
      view.months.map(({ label }) => label),
      ['-', 'Sep', 'Oct', 'Nov'],
    );
  });

  it('masks what names a person', () => {
    const view = viewOf();
    assert.equal(view.memberName, '홍*동');
    assert.equal(view.memberEmail, 'ho****@example.com');
    assert.equal(view.address, '서울특별시 강남구 테헤란로 ****');
    assert.equal(view.paymentOwner, '홍*동');
    assert.equal(view.paymentNumber, '****-****-****-3456');
  });

  it('goes without what may be missing', () => {
    const view = billViewOf(
      {
        ...sampleBill,
        items: [],
        months: [],
        bill: { ...sampleBill.bill, dueDate: null, unpaidAmount: 0 },
      },
      { ...sampleBill.member, ...sampleBill.bill, address: '' },
      korean,
    );
    assert.deepEqual(
      [view.dueDate, view.address, view.hasUnpaid, view.productsTotal, view.discountsTotal],
      [null, '-', false, '0원', '0원'],
    );
    assert.deepEqual(
      view.months.map(({ label, amount }) => [label, amount]),
      [...Array.from({ length: 3 }, () => ['-', '0원']), ['11월', '98,900원']],
    );
  });
});
