import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseLoadedBill } from '../../src/render/parseLoadedBill.ts';
import { SAMPLE_BILL } from '../../src/render/sampleBill.ts';

describe('parseLoadedBill', () => {
  it('takes a complete bill', () => {
    assert.deepEqual(parseLoadedBill(JSON.stringify(SAMPLE_BILL)), { kind: 'complete', bill: SAMPLE_BILL });
  });

  it('takes a bill with everything missing that may be', () => {
    const bare = {
      ...SAMPLE_BILL,
      member: { ...SAMPLE_BILL.member, email: null, phone: null, address: null },
      bill: { ...SAMPLE_BILL.bill, dueDate: null },
      items: [],
      months: [],
    };
    assert.equal(parseLoadedBill(JSON.stringify(bare)).kind, 'complete');
  });

  const { member, bill } = SAMPLE_BILL;
  const incomplete: Readonly<Record<string, unknown>> = {
    'the loaded bill': 1,
    'the member row': { ...SAMPLE_BILL, member: null },
    'the bill row': { ...SAMPLE_BILL, bill: null },
    'member.name': { ...SAMPLE_BILL, member: { ...member, name: null } },
    'bill.totalBilledAmount': { ...SAMPLE_BILL, bill: { ...bill, totalBilledAmount: 2 ** 53 } },
    'bill.billingMonth': { ...SAMPLE_BILL, bill: { ...bill, billingMonth: '2026-11' } },
    'bill.paymentNumber': { ...SAMPLE_BILL, bill: { ...bill, paymentNumber: null } },
    items: { ...SAMPLE_BILL, items: [{ category: 'DISCOUNT', subcategory: null, name: 'x', amount: '1' }] },
    months: { ...SAMPLE_BILL, months: [null] },
  };
  for (const [part, value] of Object.entries(incomplete)) {
    it(`says that ${part} is missing`, () => {
      const parsed = parseLoadedBill(JSON.stringify(value));
      assert.deepEqual(parsed, { kind: 'incomplete', detail: `${part} is missing or not usable` });
    });
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => void parseLoadedBill(text)));
  });
});
