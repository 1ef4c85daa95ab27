import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findContradiction } from '../../../src/render/bill/billSums.ts';
import { createLanguageFormat } from '../../../src/render/bill/languageFormat.ts';
import { sampleBill } from '../../../src/render/bill/sampleBill.ts';
import { createValueWords } from '../../../src/render/bill/valueWords.ts';
import { builtInWords } from '../../../src/render/template/languageWords.ts';

describe('an amount', () => {
  for (const [language, currency, minorUnits, written] of [
    ['ko', 'KRW', 1_234_567, '1,234,567원'],
    ['en', 'KRW', -98_900, '-KRW 98,900'],
    ['en', 'USD', 123_456, '$1,234.56'],
    ['en', 'USD', -5, '-$0.05'],
    ['de', 'EUR', Number.MAX_SAFE_INTEGER, '90.071.992.547.409,91 €'],
    ['en', 'KWD', 1_500, 'KWD 1.500'],
    ['ja', 'JPY', 98_900, '￥98,900'],
    ['ko', 'USD', 100, 'US$1.00'],
  ] as const) {
    it(`of ${minorUnits} minor units of ${currency} is ${written} in ${language}`, () => {
      const words = createValueWords(builtInWords(language), currency);
      assert.equal(words.amount(minorUnits).replace(/\s/g, ' '), written);
    });
  }
});

describe('the format of a language', () => {
  it('writes a bill in its own currency, or else in that of the settings', () => {
    const format = createLanguageFormat(builtInWords('en'), { timeZone: 'Asia/Seoul', currency: 'USD' });
    assert.equal(format.wordsIn(null).amount(100), '$1.00');
    assert.equal(format.wordsIn('EUR').amount(100), '€1.00');
    assert.equal(format.wordsIn('EUR'), format.wordsIn('EUR'));
    assert.equal(format.wordsIn(null).number(1_234.5), '1,234.5');
    assert.equal(format.dayOf('2026-11-02T15:00:00Z'), 'November 3, 2026');
  });
});

describe("Korea's rules", () => {
  it('hold for won only', () => {
    const cut = { ...sampleBill.bill, unpaidAmount: 12_005, totalBilledAmount: 98_900 };
    const loaded = { bill: cut, items: sampleBill.items };
    assert.equal(findContradiction(loaded, 0), undefined);
    assert.match(findContradiction(loaded, 0, false) ?? '', /^totalBilledAmount is not/);
    const taxed = { bill: { ...sampleBill.bill, vat: 30_000 }, items: sampleBill.items };
    assert.match(findContradiction(taxed, 0) ?? '', /^vat is more than a tenth/);
    assert.equal(findContradiction(taxed, 0, false), undefined);
  });
});
