import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maskAddress, maskEmail, maskName, maskPaymentNumber, maskPhone } from '../../src/render/masking.ts';

const examples: readonly [(text: string) => string, Readonly<Record<string, string>>][] = [
  [
    maskPhone,
    {
      '010-1234-5678': '010-****-5678',
      '01012345678': '010****5678',
      '010-123-4567': '010-***-4567',
      '02-123-4567': '02-***-4567',
      '+821012345678': '+821*****5678',
      '+82 10 1234 5678': '+82 1* **** 5678',
      '1234': '**34',
      '': '',
    },
  ],
  [
    maskEmail,
    {
      'hong@example.com': 'ho****@example.com',
      'hon@example.com': 'ho****@example.com',
      'ho@example.com': 'ho@example.com',
      'h@example.com': 'h@example.com',
      '홍길동@example.com': '홍길****@example.com',
      '👨‍👩‍👧🇰🇷x@example.com': '👨‍👩‍👧🇰🇷****@example.com',
      'no address': '****',
    },
  ],
  [
    maskName,
    {
      홍길동: '홍*동',
      홍길: '홍*',
      홍: '*',
      남궁민수: '남**수',
      '홍 길동': '홍 길*',
      '홍 길': '홍 *',
      王小明: '王*明',
      Madonna: 'M******',
      'John Smith': 'J*** S****',
      'John  F. Kennedy': 'J*** F* K******',
      '👨‍👩‍👧길동': '👨‍👩‍👧**',
      '': '',
    },
  ],
  [
    maskAddress,
    {
      '서울특별시 강남구 테헤란로 123 8층': '서울특별시 강남구 테헤란로 ****',
      '서울특별시 강남구 테헤란로': '서울특별시 강남구 ****',
      '서울특별시 강남구': '서울특별시 ****',
      서울특별시: '서울****',
      '': '',
    },
  ],
  [
    maskPaymentNumber,
    {
      '1234-5678-9012-3456': '****-****-****-3456',
      '1234567890123': '*********0123',
      '110-12-345678': '***-**-**5678',
      '1234-****-****-3456': '****-****-****-3456',
      '12345': '*2345',
      '1234': '****',
      '': '',
    },
  ],
];

/** Texts of every kind: letters of many scripts, emoji of several code points, digits, blanks, separators. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('홍', '길', '동', 'a', 'é', '👨‍👩‍👧', '𠮷', '1', '-', ' ', '@') }),
);

describe('masking', () => {
  for (const [mask, expected] of examples) {
    for (const [text, masked] of Object.entries(expected)) {
      it(`${mask.name} makes "${masked}" of "${text}"`, () => assert.equal(mask(text), masked));
    }
  }

  for (const [mask] of examples) {
    it(`${mask.name} tears no character apart and shows none that was not there`, () => {
      fc.assert(
        fc.property(anyText, (text) => {
          const masked = mask(text);
          assert.equal(masked.isWellFormed() || !text.isWellFormed(), true);
          const shown = new Set([...segments(text), '*', ' ']);
          assert.deepEqual(
            segments(masked).filter((segment) => !shown.has(segment) && !text.includes(segment)),
            [],
          );
        }),
      );
    });
  }

  it('hides the middle of every Korean mobile number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{4}$/), fc.stringMatching(/^[0-9]{4}$/), (middle, tail) => {
        assert.equal(maskPhone(`010-${middle}-${tail}`), `010-****-${tail}`);
        assert.equal(maskPhone(`010${middle}${tail}`), `010****${tail}`);
      }),
    );
  });

  it('shows at most two characters before the @ of every longer address', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const local = email.slice(0, email.lastIndexOf('@'));
        const domain = email.slice(email.lastIndexOf('@'));
        assert.equal(maskEmail(email), local.length > 2 ? `${local.slice(0, 2)}****${domain}` : email);
      }),
    );
  });

  it('never shows a whole name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('홍', '길', 'a', 'é', '𠮷', ' '), minLength: 1 }),
        (name) => {
          fc.pre(name.trim() !== '');
          assert.match(maskName(name), /\*/);
        },
      ),
    );
  });

  it('never shows more than four digits of a payment number', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9 -]{0,24}$/), (number) => {
        assert.ok((maskPaymentNumber(number).match(/\d/g) ?? []).length <= 4);
      }),
    );
  });

  it('never shows the last word of an address', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[가-힣]{3,8}$/), { minLength: 1, maxLength: 8 }), (words) => {
        assert.doesNotMatch(maskAddress(words.map((word, index) => word + index).join(' ')), /\d$/);
      }),
    );
  });
});

const SEGMENTER = new Intl.Segmenter('ko', { granularity: 'grapheme' });
const segments = (text: string): string[] => Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
