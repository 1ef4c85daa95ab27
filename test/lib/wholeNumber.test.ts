import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readWholeNumber } from '../../src/lib/wholeNumber.ts';

describe('a whole number', () => {
  it('is read from decimal digits, if it is large enough', () => {
    assert.deepEqual([readWholeNumber('0', 0), readWholeNumber('7', 1)], [0, 7]);
  });

  for (const text of ['', ' ', '-1', '1.0', '1e3', '0x1', '9007199254740993']) {
    it(`is not "${text}"`, () => assert.equal(readWholeNumber(text, 0), undefined));
  }

  it('is not one below the least', () => assert.equal(readWholeNumber('0', 1), undefined));
});
