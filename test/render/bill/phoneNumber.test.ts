import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readPhoneNumber } from '../../../src/render/bill/phoneNumber.ts';

/** As in docs/data.md. */
const usable: Readonly<Record<string, string>> = {
  '010-1234-5678': '010-1234-5678',
  '01012345678': '01012345678',
  '02-123-4567': '02-123-4567',
  '0505-123-4567': '0505-123-4567',
  '1588-1234': '1588-1234',
  '0090123456789': '0090123456789',
  // What a loader or a hand leaves around it and within.
  '010-1234-5678\r': '010-1234-5678',
  ' 010-1234-5678\u200b ': '010-1234-5678',
  '０１０－１２３４－５６７８': '010-1234-5678',
  '010–1234–5678': '010-1234-5678',
  '010ㅡ1234ㅡ5678': '010-1234-5678',
  '010 1234 5678': '01012345678',
  '010.1234.5678': '01012345678',
  '(010) 1234-5678': '01012345678',
  '(02) 123-4567': '021234567',
  'tel:010-1234-5678': '010-1234-5678',
  // With the country's code.
  '+82 10 1234 5678': '01012345678',
  '+821012345678': '01012345678',
  '+82-010-1234-5678': '01012345678',
  '+82 (0)10-1234-5678': '01012345678',
  '82-10-1234-5678': '01012345678',
  '821012345678': '01012345678',
  '0082 10 1234 5678': '01012345678',
  '+82 2 123 4567': '021234567',
  '+1 415 555 0100': '+14155550100',
  '+81 90-1234-5678': '+819012345678',
  // What a spreadsheet made of it.
  '1012345678': '01012345678',
  '1012345678.0': '01012345678',
  '10-1234-5678': '01012345678',
  // Several: the first mobile one.
  '010-1234-5678, 010-9876-5432': '010-1234-5678',
  '010-1234-5678 / 010-9876-5432': '010-1234-5678',
  '02-123-4567; 010-1234-5678': '010-1234-5678',
  '010-1234-5678\n010-9876-5432': '010-1234-5678',
  '02-123-4567/031-123-4567': '02-123-4567',
};

const none = ['', '  ', '\r\n', '-', '--', '\u200b', '+'];

const unusable = [
  ...[
    '010',
    '없음',
    '010-1234-567x',
    '1'.repeat(16),
    '010-1234-5678 (남편)',
    '02-123-4567 내선 3',
    'hong@example.com',
  ],
  ...[
    '1.01235E+09',
    '010-1234-5678\r\nX: 1',
    '010-1234-5678; 없음',
    '010-1234\u0000-5678',
    `0${' '.repeat(2_000)}1`,
  ],
];

describe('readPhoneNumber', () => {
  for (const [stored, to] of Object.entries(usable)) {
    it(`sends ${JSON.stringify(stored)} to ${to}`, () =>
      assert.deepEqual(readPhoneNumber(stored), { kind: 'usable', to }));
  }
  for (const stored of none) {
    it(`takes ${JSON.stringify(stored)} for none`, () =>
      assert.deepEqual(readPhoneNumber(stored), { kind: 'none' }));
  }
  for (const stored of unusable) {
    it(`cannot use ${JSON.stringify(stored.slice(0, 40))}`, () =>
      assert.deepEqual(readPhoneNumber(stored), { kind: 'unusable' }));
  }

  it('gives digits and hyphens only, is stable, and never throws', () => {
    const piece = fc.constantFrom(
      ...[
        '010',
        '82',
        '+',
        '-',
        ' ',
        '1234',
        '5678',
        '(',
        ')',
        '.',
        ',',
        '/',
        ';',
        '\r\n',
        '.0',
        '０',
        'x',
        '00',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (parts) => {
        const contact = readPhoneNumber(parts.join(''));
        if (contact.kind !== 'usable') return;
        assert.match(contact.to, /^\+?[0-9-]{7,}$/);
        assert.deepEqual(readPhoneNumber(contact.to), contact);
      }),
      { numRuns: 5_000 },
    );
  });
});
