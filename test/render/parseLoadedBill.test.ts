import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadedText, parseLoadedBill } from '../../src/render/parseLoadedBill.ts';
import { SAMPLE_BILL } from '../../src/render/sampleBill.ts';

describe('parseLoadedBill', () => {
  it('takes a complete bill', () => {
    assert.deepEqual(parseLoadedBill(loadedText(SAMPLE_BILL)), { kind: 'complete', bill: SAMPLE_BILL });
  });

  it('takes a bill with everything missing that may be', () => {
    const bare = {
      ...SAMPLE_BILL,
      member: { ...SAMPLE_BILL.member, email: null, phone: null, address: null },
      bill: { ...SAMPLE_BILL.bill, dueDate: null },
      items: [],
      months: [],
    };
    assert.equal(parseLoadedBill(loadedText(bare)).kind, 'complete');
  });

  it('takes no items and no months for what they are', () => {
    const bare = { ...SAMPLE_BILL, items: [], months: [] };
    const [columns] = JSON.parse(loadedText(bare));
    const parsed = parseLoadedBill(JSON.stringify([columns, null, null]));
    assert.deepEqual(parsed, { kind: 'complete', bill: bare });
  });

  /** The sample bill's text with one value changed: a column, or the list at `items` or `months`. */
  const changed = (place: number | 'items' | 'months', value: unknown): string => {
    const [columns, items, months] = JSON.parse(loadedText(SAMPLE_BILL));
    if (place === 'items') return JSON.stringify([columns, value, months]);
    if (place === 'months') return JSON.stringify([columns, items, value]);
    return JSON.stringify([columns.with(place, value), items, months]);
  };

  const incomplete: readonly (readonly [part: string, text: string])[] = [
    ['the loaded bill', '1'],
    ['the loaded bill', 'null'],
    ['the member row', loadedText({ ...SAMPLE_BILL, member: null })],
    ['the bill row', loadedText({ ...SAMPLE_BILL, bill: null })],
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
    ['months', changed('months', [[null, '1']])],
    ['months', changed('months', 'none')],
  ];
  for (const [part, text] of incomplete) {
    it(`says that ${part} is missing in ${text.slice(-60)}`, () => {
      const parsed = parseLoadedBill(text);
      assert.deepEqual(parsed, { kind: 'incomplete', detail: `${part} is missing or not usable` });
    });
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (text) => void parseLoadedBill(text)));
  });
});
