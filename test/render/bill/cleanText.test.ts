import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanText } from '../../../src/render/bill/cleanText.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';

describe('cleanText', () => {
  const examples = {
    '홍길동 & <b>': '홍길동 & <b>',
    'a\r\nBcc: x@y.kr': 'a Bcc: x@y.kr',
    'a\u0000\u0007\u001b\u007f\u0085b': 'a b',
    '\u202e만원\u202c\u2066x\u2069\u200e\u200f\u061c': '만원x',
    'a\ufeff\u2028b': 'a b',
    '👨‍👩‍👧': '👨‍👩‍👧',
    '\u1112\u1169\u11bc': '홍',
  };
  for (const [text, cleaned] of Object.entries(examples)) {
    it(`makes ${JSON.stringify(cleaned)} of ${JSON.stringify(text)}`, () =>
      assert.equal(cleanText(text), cleaned));
  }

  it('leaves no control characters, no controls of direction and no lone surrogates, and is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const cleaned = cleanText(text);
        assert.doesNotMatch(cleaned, /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u);
        assert.ok(cleaned.isWellFormed());
        assert.equal(cleanText(cleaned), cleaned);
      }),
    );
  });
});
