import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHomeNumbers } from '../../src/lib/homeNumbers.ts';

function numbersOf(country: string) {
  const numbers = createHomeNumbers(country);
  assert.ok(numbers, country);
  return numbers;
}

describe('numbers of a home country', () => {
  it('are read with and without the code of their country', () => {
    for (const [country, written, number] of [
      ['BE', '0470 12 34 56', '+32470123456'],
      ['BE', '+32 (0)470 12 34 56', '+32470123456'],
      ['US', '(415) 555-0132', '+14155550132'],
      ['US', '011 32 470 12 34 56', '+32470123456'],
      // Its first zero belongs to the number.
      ['IT', '06 1234 5678', '+390612345678'],
      ['RU', '8 912 345 67 89', '+79123456789'],
      ['AR', '011 15 2345-6789', '+5491123456789'],
      ['BE', '+82 010-1234-5678', '+821012345678'],
    ] as const) {
      assert.equal(numbersOf(country).numberIn(written), number, written);
    }
  });

  it('cannot be longer or shorter than those of their country', () => {
    const { numberIn } = numbersOf('BE');
    for (const text of ['1234567', '0470 12 34', '0470123456789', '+999 123 456 789', 'hello', '']) {
      assert.equal(numberIn(text), undefined, text);
    }
  });

  it('are written as its people dial them, and only they', () => {
    const belgian = numbersOf('BE');
    assert.equal(belgian.nationalDigits('+32470123456'), '0470123456');
    assert.equal(belgian.nationalDigits('+821012345678'), undefined);
    assert.equal(belgian.nationalDigits('nothing'), undefined);
    // Both countries have one numbering plan.
    assert.equal(numbersOf('US').nationalDigits('+16135550132'), '6135550132');
  });

  it('have an example, and say which are mobile', () => {
    const { example, numberIn, isMobile } = numbersOf('BE');
    assert.equal(isMobile(numberIn(example) ?? ''), true);
    assert.equal(isMobile('+3225123456'), false);
    assert.equal(numbersOf('US').isMobile('+14155550132'), true, 'nobody can tell');
  });

  it('are of a country that there is', () => {
    for (const country of ['', 'be', 'UK', 'BEL', 'XX', '32']) {
      assert.equal(createHomeNumbers(country), undefined, country);
    }
  });
});
