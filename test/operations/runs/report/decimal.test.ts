import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { plus, times } from '../../../../src/operations/runs/report/decimal.ts';

describe('exact decimals', () => {
  it('are what a pocket calculator says, and binary fractions are not', () => {
    assert.equal(times('0.14', 3), '0.42');
    assert.equal(times('13', 1_000_000), '13000000');
    assert.equal(times('0.1', 10), '1');
    assert.equal(times('0.005', 0), '0');
    assert.equal(plus('0.1', '0.2'), '0.3');
    assert.equal(plus('0', '13.5'), '13.5');
  });

  it('a price times a count is the sum of as many prices', () => {
    fc.assert(
      fc.property(fc.nat(99), fc.nat(9_999), fc.nat(30), (whole, fraction, count) => {
        const price = `${whole}.${String(fraction).padStart(4, '0')}`;
        const summed = Array.from({ length: count }, () => price).reduce(plus, '0');
        assert.equal(plus(summed, '0'), times(price, count));
      }),
    );
  });
});
