import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  maskAddress,
  maskEmail,
  maskName,
  maskPaymentNumber,
  maskPhone,
} from '../../../src/render/bill/masking.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';

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
      '1588-1234': '1***-1234',
      '1234567-8-9012345': '123****-*-***2345',
      '0505-123-4567': '050*-***-4567',
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
      Madonna: 'M***',
      'John Smith': 'J*** S***',
      'John  F. Kennedy': 'J*** F* K***',
      '👨‍👩‍👧길동': '👨‍👩‍👧**',
      'Maria Fernanda Hernandez Rodriguez de la Cruz': 'M*** F*** H***',
      Wolfeschlegelsteinhausenbergerdorff: 'W***',
      ['가나다라마바사아자차'.repeat(5)]: '가***차',
      'a b c d e': 'a ***',
      '(주)빌캐스트': '(주)빌**트',
      '㈜한국전력': '㈜한**력',
      '주식회사 빌캐스트': '주식회사 빌**트',
      '빌캐스트 주식회사': '빌**트 주식회사',
      '(주)한': '(주)*',
      주식회사: '주**사',
      'Acme Co., Ltd.': 'A*** C*** L***',
      'Nguyễn Văn An': 'N*** V** A*',
      'محمد علي': 'م*** ع**',
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
      '(06236) 서울특별시 강남구 테헤란로 123': '서울특별시 강남구 테헤란로 ****',
      '06236 서울특별시 강남구 테헤란로 123 8층': '서울특별시 강남구 테헤란로 ****',
      '135-080': '****',
      '서울특별시 강남구 테헤란로123 8층': '서울특별시 강남구 ****',
      '서울특별시 강남구 역삼동 123-45 301호': '서울특별시 강남구 역삼동 ****',
      '서울특별시 관악구 햇살로12번길 33': '서울특별시 관악구 햇살로12번길 ****',
      '123 Main Street Springfield': '****',
      서울특별시강남구테헤란로123: '서울****',
      '12 34': '****',
      '101동': '****',
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
  fc.string({ unit: anyCharacter }),
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

  const letter = fc.constantFrom('홍', '길', 'a', 'é', '𠮷', 'ض', '1', 'Ж', 'ü');
  const word = fc.array(letter, { minLength: 1, maxLength: 60 }).map((letters) => letters.join(''));

  it('shows the first letter of three words of a name at most, and of one word the last one too', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
        const masked = maskName(words.join(' '));
        const open = segments(masked).filter((character) => !' *'.includes(character));
        assert.ok(open.length <= (words.length === 1 ? 2 : 3), masked);
        assert.ok(segments(masked).length <= 14, masked);
        assert.match(masked, /\*/);
      }),
    );
  });

  it('shows seven digits of a phone number at most, hides three of eight or more, and no letter', () => {
    const part = fc.constantFrom('0', '1', '7', '-', ' ', '+', '(', ')', 'a', '홍', '５');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const digits = parts.filter((character) => /[0-9]/.test(character)).length;
        const masked = maskPhone(parts.join(''));
        const open = segments(masked).filter((character) => /[\p{L}\p{N}]/u.test(character)).length;
        assert.ok(open <= (digits < 8 ? digits / 2 : Math.min(7, digits - 3)), masked);
      }),
    );
  });

  it('shows four letters or digits of any payment number at most', () => {
    fc.assert(
      fc.property(anyText, (number) => {
        const open = segments(maskPaymentNumber(number)).filter((character) =>
          /[\p{L}\p{N}]/u.test(character),
        );
        assert.ok(open.length <= 4, maskPaymentNumber(number));
      }),
    );
  });

  it('shows two characters before the @ of any text at most', () => {
    fc.assert(
      fc.property(anyText, (local) => {
        const masked = maskEmail(`${local}@example.com`).replace(/@example\.com$/, '');
        const open = segments(masked).length - (masked.endsWith('****') ? 4 : 0);
        assert.ok(open <= 2, masked);
      }),
    );
  });

  it('shows three words of an address at most, and none with a house number', () => {
    const part = fc.oneof(
      word,
      fc.stringMatching(/^[가-힣]{1,4}[0-9]{1,4}(-[0-9])?$/),
      fc.stringMatching(/^[0-9]{1,5}$/),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (words) => {
        const masked = maskAddress(words.join(' ')).split(' ');
        assert.ok(masked.length <= 4 && masked.at(-1)?.endsWith('****'), masked.join(' '));
        assert.ok(
          masked.slice(0, -1).every((shown) => !/^\d|\d$/.test(shown)),
          masked.join(' '),
        );
      }),
    );
  });

  it('shows no text that hides in one character', () => {
    for (const cluster of ['ᄀ'.repeat(21), `e${'\u0301'.repeat(20)}`]) {
      assert.equal(segments(cluster).length, 1);
      for (const mask of [maskName, maskEmail, maskPaymentNumber]) {
        assert.ok(!mask(`${cluster} ${cluster}@example.com`).includes(cluster), mask.name);
      }
    }
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

const segmenter = new Intl.Segmenter('ko', { granularity: 'grapheme' });
function segments(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
