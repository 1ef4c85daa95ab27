import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readEmailAddress } from '../../../src/render/bill/emailAddress.ts';
import { anyCharacter } from '../../support/anyCharacter.ts';

/** As in docs/data.md. */
const usable: Readonly<Record<string, string>> = {
  'hong@example.com': 'hong@example.com',
  "o'brien@example.com": "o'brien@example.com",
  'hong+bill@example.co.kr': 'hong+bill@example.co.kr',
  'HONG@Example.COM': 'HONG@Example.COM',
  // What a loader or a hand leaves around it.
  'hong@example.com\r': 'hong@example.com',
  'hong@example.com\r\n': 'hong@example.com',
  ' \thong@example.com  ': 'hong@example.com',
  'hong@example.com\u00a0': 'hong@example.com',
  '\u3000hong@example.com\u3000': 'hong@example.com',
  'hong@example.com\u200b': 'hong@example.com',
  '\ufeffhong@example.com': 'hong@example.com',
  '\u202ahong@example.com\u202c': 'hong@example.com',
  'ho\u200bng@exam\u200dple.com': 'hong@example.com',
  'ｈｏｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ': 'hong@example.com',
  'hong@example。com': 'hong@example.com',
  'hong@naver.com.': 'hong@naver.com',
  '"hong@example.com"': 'hong@example.com',
  "'hong@example.com'": 'hong@example.com',
  'mailto:hong@example.com': 'hong@example.com',
  // With a name.
  '홍길동 <hong@example.com>': 'hong@example.com',
  '홍길동<hong@example.com>': 'hong@example.com',
  '"Hong, Gildong" <hong@example.com>': 'hong@example.com',
  '<hong@example.com>': 'hong@example.com',
  'hong@example.com <hong@example.com>': 'hong@example.com',
  'hong@example.com (홍길동)': 'hong@example.com',
  // Several: the first.
  'a@x.com;b@y.com': 'a@x.com',
  'a@x.com, b@y.com': 'a@x.com',
  'a@x.com b@y.com': 'a@x.com',
  'a@x.com\nb@y.com': 'a@x.com',
  'a@x.com；b@y.com': 'a@x.com',
  'a@x.com;': 'a@x.com',
  '홍길동 <a@x.com>; 김철수 <b@y.com>': 'a@x.com',
  // What standards allow.
  '"hong gil"@example.com': '"hong gil"@example.com',
  '홍길동@예시.한국': '홍길동@xn--vv4b11d.xn--3e0b707e',
  'info@münchen.de': 'info@xn--mnchen-3ya.de',
  '\u1112\u1169\u11bc@example.com': '홍@example.com',
  // What Japanese carriers gave out.
  'hong..gildong@docomo.ne.jp': '"hong..gildong"@docomo.ne.jp',
  'hong.@docomo.ne.jp': '"hong."@docomo.ne.jp',
  '.hong..@ezweb.ne.jp': '".hong.."@ezweb.ne.jp',
};

const none = ['', ' ', '\r\n', '-', '.', '@', '\u200b', '\u3000', '--'];

const unusable = [
  ...['hong', '없음', 'null', '@example.com', 'hong@', 'a@b@c.kr', '010-1234-5678', 'hong.example.com'],
  ...['hong@gmail', 'hong@localhost', 'hong@-x-.com', 'hong@example..com', 'hong@.com', 'hong@127.0.0.1'],
  ...[
    'hong@[127.0.0.1]',
    'hong@exam ple.com',
    'hong@exa_mple.com',
    `hong@${'a'.repeat(64)}.com`,
    'hong@☃ x.net',
  ],
  ...[
    '.hong@example.com',
    'hong.@example.com',
    'hong..gil@example.com',
    'ho ng@example.com',
    'hong @ example.com',
  ],
  ...['hong@example.com\r\nBcc: x@y.kr', 'hong@example.com\u0000x', 'a\u202e@b.kr', '"a\r\nb"@example.com'],
  ...['a@x.com;nobody', 'a@x.com, 홍길동', `${'a'.repeat(65)}@example.com`, `${'홍'.repeat(22)}@example.com`],
  ...[`${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}`],
  ...['<hong@example.com', '홍길동 <>', `${' '.repeat(2_000)}hong@example.com`],
];

describe('readEmailAddress', () => {
  for (const [stored, to] of Object.entries(usable)) {
    it(`sends ${JSON.stringify(stored)} to ${to}`, () =>
      assert.deepEqual(readEmailAddress(stored), { kind: 'usable', to }));
  }
  for (const stored of none) {
    it(`takes ${JSON.stringify(stored)} for none`, () =>
      assert.deepEqual(readEmailAddress(stored), { kind: 'none' }));
  }
  for (const stored of unusable) {
    it(`cannot use ${JSON.stringify(stored.slice(0, 40))}`, () =>
      assert.deepEqual(readEmailAddress(stored), { kind: 'unusable' }));
  }

  it('takes every ordinary address as it stands', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) =>
        assert.deepEqual(readEmailAddress(email), { kind: 'usable', to: email }),
      ),
    );
  });

  it('gives only what ends no header and no command, is stable, and never throws', () => {
    const piece = fc.constantFrom(
      ...[
        'hong',
        'a',
        '@',
        '@example.com',
        '.',
        '..',
        ' ',
        '\r\n',
        ';',
        ',',
        '<',
        '>',
        '"',
        "'",
        '\\',
        '(',
        ')',
      ],
      ...['홍', '\u200b', '\u202e', '＠', 'docomo.ne.jp', '\u0000', '\ud800', 'mailto:', '예시.한국', '-'],
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.string({ unit: anyCharacter }),
    );
    fc.assert(
      fc.property(text, (stored) => {
        const contact = readEmailAddress(stored);
        if (contact.kind !== 'usable') return;
        assert.match(contact.to, /^(?:"[ -~]+"|[^\s\p{C}"<>;,]+)@[A-Za-z0-9.-]+$/u);
        assert.deepEqual(readEmailAddress(contact.to), contact);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes no time over long values', () => {
    const started = performance.now();
    for (const part of ['a.', 'a@', ' ', '<', 'a ', '"', 'a-', '\u200b', '(', 'a;']) {
      readEmailAddress(part.repeat(500));
    }
    for (const part of ['a.', ' ', '<']) readEmailAddress(part.repeat(1_000_000));
    assert.ok(performance.now() - started < 2_000);
  });
});
