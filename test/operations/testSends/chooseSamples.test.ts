import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseSamples, outlyingBills } from '../../../src/operations/testSends/chooseSamples.ts';

function facts(bill: string, bytes: number, isNothingDue = false) {
  return { bill, bytes, isNothingDue };
}

describe('the bills for seed addresses', () => {
  it('are an ordinary one, the longest, the shortest, and one with nothing to pay', () => {
    const bills = [facts('a', 50), facts('b', 900), facts('c', 60), facts('zero', 55, true), facts('d', 10)];
    assert.deepEqual(chooseSamples(bills), ['zero', 'b', 'd']);
    assert.deepEqual(chooseSamples([...bills, facts('e', 65), facts('f', 70)]), ['c', 'b', 'd', 'zero']);
  });

  it('are also the outliers of a forecast, each once', () => {
    const outliers = {
      longest: [
        { billId: '7', channel: 'EMAIL' },
        { billId: '8', channel: 'EMAIL' },
        { billId: '9', channel: 'SMS' },
      ],
      mostItems: [{ billId: '7' }],
      largest: [{ billId: '5' }],
      zero: { count: 1, bills: [{ billId: '3' }] },
    };
    assert.deepEqual(outlyingBills({ outliers }), ['7', '9', '5', '3']);
    assert.deepEqual([outlyingBills({}), outlyingBills(undefined)], [[], []]);
  });

  it('are each once, and none if there is none', () => {
    assert.deepEqual(chooseSamples([facts('only', 5, true)]), ['only']);
    assert.deepEqual(chooseSamples([]), []);
  });
});
