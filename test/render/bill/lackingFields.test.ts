import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lackingFields } from '../../../src/render/bill/lackingFields.ts';

const sample = { used: 12.5, note: 'x', lines: [{ label: 'Energy', amount: { money: 1 } }] };

describe('the fields that a bill lacks', () => {
  it('are those that only the sample has, in its lists too', () => {
    assert.deepEqual(lackingFields({ note: 'y', lines: [{ label: 'Water' }] }, sample), [
      'used',
      'lines.amount',
    ]);
  });

  it('are none if a field is null, a list is empty, or the bill has more', () => {
    assert.deepEqual(lackingFields({ used: null, note: null, lines: [], more: 1 }, sample), []);
  });
});
