import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CipherName, cipherNames } from '../../../src/render/cipher/cipherRegistry.ts';
import { createFieldCiphers, type FieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { type Choices, createRandom, type Random } from '../../../src/sample/random.ts';
import { exhaustive } from '../../support/exhaustive.ts';
import { testCipherOptions } from '../bill/testCiphers.ts';

const plainTexts = [
  'hong.gildong@example.com',
  '010-1234-5678',
  '서울특별시 강남구 테헤란로 123',
  'x',
] as const;

/** How many values of each cipher. */
const counts: Readonly<Partial<Record<CipherName, number>>> = {
  'aes-256-gcm': 37_000,
  'aes-256-cbc': 37_000,
  pgp: 20_000,
  none: 6_000,
};
const countOfOthers = 20_000;

describe('100,000 damaged values', exhaustive, () => {
  for (const name of cipherNames) {
    const count = counts[name] ?? countOfOthers;
    it(`of ${name}: none throws, none is quoted`, () => {
      const seed = Date.now();
      const random = createRandom(seed, 1n);
      const ciphers = ciphersOf(name);
      const sealed = sealedTexts(ciphers);
      let refused = 0;
      for (let made = 0; made < count; made++) {
        const { plain, value } = random.pick(sealed);
        const damaged = damage(value, random);
        const opened = ciphers.open('phone', '7', damaged);
        if (opened.kind === 'opened') continue;
        refused++;
        const which = `seed ${seed}, value ${made}: ${opened.why}`;
        assertNothingOf(damaged, opened.why, which);
        assertNothingOf(plain, opened.why, which);
        assertNoPartOf(plain, opened.keyId ?? '', which);
      }
      if (name === 'none') assert.ok(refused < count / 2, 'what has no prefix is what it is');
      else assert.ok(refused > count / 2, `${refused} of ${count} were refused`);
    });
  }
});

describe('a value of aes-256-gcm in which anything was changed', () => {
  it('is refused, or is what was sealed: never another text', () => {
    const seed = Date.now();
    const random = createRandom(seed, 2n);
    const ciphers = ciphersOf('aes-256-gcm');
    const sealed = sealedTexts(ciphers);
    for (let made = 0; made < 20_000; made++) {
      const { plain, value } = random.pick(sealed);
      const opened = ciphers.open('phone', '7', damage(value, random));
      if (opened.kind === 'opened') assert.equal(opened.text, plain, `seed ${seed}, value ${made}`);
    }
  });
});

function ciphersOf(fallback: CipherName): FieldCiphers {
  return createFieldCiphers(testCipherOptions({ fallback, pgp: { passphrase: 'a passphrase' } }));
}

interface SealedText {
  readonly plain: string;
  readonly value: string;
}

function sealedTexts(ciphers: FieldCiphers): Choices<SealedText> {
  const [first, ...others] = plainTexts;
  const seal = (plain: string): SealedText => ({ plain, value: ciphers.seal('phone', '7', plain) });
  return [seal(first), ...others.map(seal)];
}

const foreign: Choices<string> = [
  '',
  ':',
  'v2:',
  'v1:',
  'c1:',
  'v1:k1:',
  'v2:k1:',
  '=',
  ' ',
  '\n',
  '\u0000',
  '가',
  '\ud800',
  '-',
  'A'.repeat(5_000),
];

/** The value with one to three characters changed, removed, added or moved, or only a part of it. */
function damage(value: string, random: Random): string {
  let damaged = value;
  for (let count = random.integer(1, 3); count > 0; count--) {
    const at = random.integer(0, damaged.length);
    const to = random.integer(at, Math.min(damaged.length, at + 3));
    const [before, taken, after] = [damaged.slice(0, at), damaged.slice(at, to), damaged.slice(to)];
    damaged = random.pick([
      before + random.pick(foreign) + after,
      before + flipped(taken, random) + after,
      before + flipped(taken, random) + after,
      after + before,
      before + after,
      random.chance(0.1) ? before : before + taken.toUpperCase() + after,
    ]);
  }
  return damaged;
}

function flipped(text: string, random: Random): string {
  return [...text]
    .map((character) => String.fromCodePoint((character.codePointAt(0) ?? 0) ^ (1 << random.integer(0, 6))))
    .join('');
}

/** No part of the value stands in what is said, and no number of four digits at all. */
function assertNothingOf(value: string, said: string, which: string): void {
  assertNoPartOf(value, said, which);
  assert.doesNotMatch(said, /\d{4}/, which);
}

/** No six characters in a row. */
function assertNoPartOf(value: string, said: string, which: string): void {
  for (let at = 0; at + 6 <= Math.min(value.length, 300); at++) {
    assert.ok(!said.includes(value.slice(at, at + 6)), which);
  }
}
