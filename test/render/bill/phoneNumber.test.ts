import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createHomeNumbers } from '../../../src/lib/homeNumbers.ts';
import { createPhoneReader, readPhoneNumber } from '../../../src/render/bill/phoneNumber.ts';

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
  // No Korean number begins with two zeros behind the code, so this is read as it is.
  '00 82 00 82 1234': '008200821234',
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

/** As in docs/data.md. */
const elsewhere: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  BE: {
    '0470 12 34 56': '+32470123456',
    ' 0470.12.34.56\r': '+32470123456',
    '0470/12.34.56': '+32470123456',
    '+32 470/12.34.56': '+32470123456',
    '+32 (0)470 12 34 56': '+32470123456',
    '0032 470 12 34 56': '+32470123456',
    '32470123456': '+32470123456',
    '470123456': '+32470123456',
    '470123456.0': '+32470123456',
    '02 512 34 56 / 0470 12 34 56': '+32470123456',
    '02/512.34.56; 0470/12.34.56': '+32470123456',
    '02 512 34 56/02 512 34 57': '+3225123456',
    '+82 10 1234 5678': '+821012345678',
    '+1 415 555 0100': '+14155550100',
    '0470 12 34 56 (thuis)': undefined,
    '0470 12 34': undefined,
    '4.70123E+08': undefined,
  },
  DE: {
    '0151/23456789': '+4915123456789',
    '030 1234567/8': undefined,
    '030/1234567/8': undefined,
  },
};

describe('a phone reader of another country', () => {
  for (const [country, numbers] of Object.entries(elsewhere)) {
    const read = createPhoneReader(createHomeNumbers(country));
    for (const [stored, to] of Object.entries(numbers)) {
      it(`sends ${JSON.stringify(stored)} in ${country} to ${to ?? 'nobody'}`, () => {
        assert.deepEqual(read(stored), to === undefined ? { kind: 'unusable' } : { kind: 'usable', to });
        if (to !== undefined) assert.deepEqual(read(to), { kind: 'usable', to });
      });
    }
    it(`finds no number in ${country} if nothing is stored`, () => {
      for (const stored of none) assert.deepEqual(read(stored), { kind: 'none' });
    });
  }
});
