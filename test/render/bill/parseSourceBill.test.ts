import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadedText, parseSourceBill } from '../../../src/render/bill/parseSourceBill.ts';
import { sampleBill } from '../../../src/render/bill/sampleBill.ts';

describe('parseSourceBill', () => {
  it('takes a complete bill', () => {
    assert.deepEqual(parseSourceBill(loadedText(sampleBill)), { kind: 'complete', bill: sampleBill });
  });

  it('takes a bill with everything missing that may be', () => {
    const bare = {
      ...sampleBill,
      member: { ...sampleBill.member, email: null, phone: null, address: null },
      bill: { ...sampleBill.bill, dueDate: null },
      items: [],
      months: [],
    };
    assert.equal(parseSourceBill(loadedText(bare)).kind, 'complete');
  });

  it('takes no items and no months for what they are', () => {
    const bare = { ...sampleBill, items: [], months: [] };
    const [columns] = JSON.parse(loadedText(bare));
    const parsed = parseSourceBill(JSON.stringify([columns, null, null]));
    assert.deepEqual(parsed, { kind: 'complete', bill: bare });
  });

  /** The sample bill's text with one value changed: a column, or the list at `items` or `months`. */
  const changed = (place: number | 'items' | 'months', value: unknown): string => {
    const [columns, items, months] = JSON.parse(loadedText(sampleBill));
    if (place === 'items') return JSON.stringify([columns, value, months]);
    if (place === 'months') return JSON.stringify([columns, items, value]);
    return JSON.stringify([columns.with(place, value), items, months]);
  };

  const incomplete: readonly (readonly [part: string, text: string])[] = [
    ['the loaded bill', '1'],
    ['the loaded bill', 'null'],
    ['the member row', loadedText({ ...sampleBill, member: null })],
    ['the bill row', loadedText({ ...sampleBill, bill: null })],
    ['member.name', changed(3, null)],
    ['member.grade', changed(7, null)],
    ['bill.billingMonth', changed(8, '2026-11')],
    ['bill.totalBilledAmount', changed(13, String(2n ** 53n))],
    ['bill.totalBilledAmount', changed(13, '')],
    ['bill.totalBilledAmount', changed(13, '1.5')],
    ['bill.paymentNumber', changed(20, null)],
    ['items', changed('items', [['GIFT', null, 'x', '1']])],
    ['items', changed('items', [['DISCOUNT', null, 'x', null]])],
    ['items', changed('items', [null])],
    ['items', changed('items', Array(2).fill(['DISCOUNT', null, 'x', String(2n ** 53n - 1n)]))],
    ['bill.currency', changed(22, 'won')],
    ['months', changed('months', [[null, '1']])],
    ['months', changed('months', 'none')],
  ];
  for (const [part, text] of incomplete) {
    it(`says that ${part} is missing in ${text.slice(-60)}`, () => {
      const parsed = parseSourceBill(text);
      assert.deepEqual(parsed, { kind: 'incomplete', detail: `${part} is missing or not usable` });
    });
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => void parseSourceBill(text)));
  });
});
