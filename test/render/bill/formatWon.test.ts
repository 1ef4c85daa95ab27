import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatWon } from '../../../src/render/bill/formatWon.ts';

describe('formatWon', () => {
  it('groups as Intl does', () => {
    const format = new Intl.NumberFormat('ko-KR');
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer()), (amount) => {
        assert.equal(formatWon(amount), `${format.format(amount)}원`);
      }),
    );
  });

  it('has no minus zero', () => assert.equal(formatWon(-0), '0원'));
});
