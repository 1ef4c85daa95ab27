import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { createPgp } from '../../../../src/render/cipher/pgp/pgp.ts';
import { ask, askValue } from '../../../support/ask.ts';
import { useTestDatabase } from '../../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => ask(db.database, 'create extension if not exists pgcrypto'));

const passphrase = '청구서 passphrase';
const { seal, open } = createPgp({ passphrase, allowUnprotected: true });
const { open: openWithAnother } = createPgp({ passphrase: 'another passphrase', allowUnprotected: true });

/** Seals every text with every set of options, as an application lets PostgreSQL do it. */
function sealAll(texts: readonly string[], options: readonly string[]) {
  return ask<[text: string, options: string, sealed: string]>(
    db.database,
    `select text, options, encode(pgp_sym_encrypt(text, $3, options), 'base64')
     from unnest($1::text[]) text, unnest($2::text[]) options`,
    [texts, options, passphrase],
  );
}
async function sealOne(text: string, options = ''): Promise<string> {
  const [row] = await sealAll([text], [options]);
  assert.ok(row);
  return row[2];
}
function opened(text: string) {
  return { kind: 'opened', text };
}

const korean = '서울특별시 강남구 테헤란로 123, 8층 — 홍길동';
const long = korean.repeat(200).slice(0, 10_240);
const longerThanAPart = korean.repeat(1_000);

/** All combinations of one choice from each list. */
function product(choices: readonly (readonly string[])[]): string[] {
  return choices.reduce<string[]>(
    (sets, of) => sets.flatMap((set) => of.map((option) => `${set},${option}`)),
    [''],
  );
}
const everyOption = product([
  ['cipher-algo=aes128', 'cipher-algo=aes192', 'cipher-algo=aes256'],
  ['compress-algo=0', 'compress-algo=1', 'compress-algo=2'],
  ['s2k-mode=0', 's2k-mode=1', 's2k-mode=3'],
  ['s2k-digest-algo=md5', 's2k-digest-algo=sha1'],
  ['disable-mdc=0', 'disable-mdc=1'],
  ['sess-key=0', 'sess-key=1'],
  ['unicode-mode=0', 'unicode-mode=1'],
  ['convert-crlf=0', 'convert-crlf=1'],
]).map((set) => set.slice(1));
const shapes = [
  '',
  'cipher-algo=aes256',
  'sess-key=1',
  'disable-mdc=1',
  'compress-algo=1',
  'compress-algo=2',
];

describe('pgp and what PostgreSQL sealed', () => {
  it('opens it with the options that an application leaves out', async () => {
    for (const text of [korean, '', 'a@b.kr', '010-1234-5678', long, longerThanAPart]) {
      assert.deepEqual(open(await sealOne(text)), opened(text));
    }
  });

  it('opens it with every combination of options', async () => {
    for (const [text, options, sealed] of await sealAll([korean, '', 'one\ntwo'], everyOption)) {
      const expected = options.includes('convert-crlf=1') ? text.replaceAll('\n', '\r\n') : text;
      assert.deepEqual(open(sealed), opened(expected), options);
    }
  });

  it('opens long texts, in packets of several parts too', async () => {
    for (const [text, options, sealed] of await sealAll([long, longerThanAPart], shapes)) {
      assert.deepEqual(open(sealed), opened(text), options);
    }
  });

  it('opens a session key that another cipher carries, and the least and most stretching that it takes', async () => {
    for (const options of [
      'sess-key=1,s2k-cipher-algo=aes128,cipher-algo=aes256',
      'sess-key=1,s2k-cipher-algo=aes256,cipher-algo=aes192',
      's2k-count=1024',
      's2k-count=65011712',
    ]) {
      assert.deepEqual(open(await sealOne(korean, options)), opened(korean), options);
    }
  });

  it('opens what was sealed as bytes', async () => {
    const sealed = await askValue<string>(
      db.database,
      `select encode(pgp_sym_encrypt_bytea(convert_to($1, 'UTF8'), $2), 'base64')`,
      [korean, passphrase],
    );
    assert.deepEqual(open(sealed), opened(korean));
  });

  it('names an algorithm that it does not know', async () => {
    assert.deepEqual(open(await sealOne(korean, 'cipher-algo=3des')), {
      kind: 'refused',
      why: 'its cipher algorithm 2 is not supported',
    });
  });
});

describe('pgp and what it sealed itself', () => {
  it('is opened by PostgreSQL, and by itself', async () => {
    for (const text of [korean, '', 'a@b.kr', 'one\ntwo', long, longerThanAPart]) {
      const sealed = seal(text);
      const query = `select pgp_sym_decrypt(decode($1, 'base64'), $2)`;
      assert.equal(await askValue(db.database, query, [sealed, passphrase]), text);
      assert.deepEqual(open(sealed), opened(text));
    }
  });

  it('is every text that there is, and never twice alike', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.deepEqual(open(seal(text)), opened(text));
        assert.notEqual(seal(text), seal(text));
      }),
    );
  });
});

describe('pgp and another passphrase', () => {
  it('refuses, whatever the options are, and reveals nothing of the text', async () => {
    for (const [, options, sealed] of await sealAll([korean], everyOption)) {
      const failure = openWithAnother(sealed);
      assert.equal(failure.kind, 'refused', options);
      assert.match(failure.why, /another passphrase|damaged/);
    }
  });
});

/** Every text that differs from the message in one byte, by one bit or by all of them. */
function* oneByteChanged(message: Buffer, masks: readonly number[]): Generator<string> {
  for (const at of message.keys()) {
    for (const mask of masks) {
      const changed = Buffer.from(message);
      changed.writeUInt8(changed.readUInt8(at) ^ mask, at);
      yield changed.toString('base64');
    }
  }
}
const bits = Array.from({ length: 8 }, (_, bit) => 1 << bit);
const allMasks = Array.from({ length: 255 }, (_, index) => index + 1);

describe('pgp and damaged messages', () => {
  it('gives the text or a failure for any byte changed to any other, never another text', async () => {
    const message = Buffer.from(await sealOne(korean, 's2k-mode=1'), 'base64');
    for (const changed of oneByteChanged(message, allMasks)) {
      const result = open(changed);
      if (result.kind === 'opened') assert.equal(result.text, korean);
    }
  });

  it('refuses a change of any bit of what is protected', async () => {
    for (const options of ['', 'sess-key=1', 'compress-algo=2']) {
      const message = Buffer.from(await sealOne('hong@example.com', options), 'base64');
      for (const changed of oneByteChanged(message, bits)) assert.equal(open(changed).kind, 'refused');
    }
  });

  it('never throws for a change of any bit of what is not protected', async () => {
    for (const options of ['disable-mdc=1', 'disable-mdc=1,compress-algo=1']) {
      const message = Buffer.from(await sealOne('hong@example.com', `${options},s2k-mode=1`), 'base64');
      for (const changed of oneByteChanged(message, bits)) assert.ok(open(changed).kind);
    }
  });

  it('refuses a message that is cut anywhere, or has more behind its end', async () => {
    for (const options of shapes) {
      const message = Buffer.from(await sealOne(korean, options), 'base64');
      for (const end of message.keys()) {
        assert.equal(open(message.toString('base64', 0, end)).kind, 'refused', `${options} ${end}`);
      }
      assert.equal(open(Buffer.concat([message, Buffer.of(0)]).toString('base64')).kind, 'refused');
    }
  });

  it('refuses a message without its protection', async () => {
    const message = Buffer.from(seal(korean), 'base64');
    const protectedAt = 2 + message.readUInt8(1);
    message.writeUInt8(0xc9, protectedAt);
    assert.equal(open(message.toString('base64')).kind, 'refused');
  });

  it('refuses a text that grows beyond all measure', async () => {
    const bomb = await askValue<string>(
      db.database,
      `select encode(pgp_sym_encrypt(repeat('0', 8000000), $1, 'compress-algo=2'), 'base64')`,
      [passphrase],
    );
    assert.deepEqual(open(bomb), { kind: 'refused', why: 'it is too large when decompressed' });
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.string(), (text) => open(text).kind === 'refused'));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.equal(open(Buffer.from(bytes).toString('base64')).kind, 'refused');
      }),
    );
    const message = Buffer.from(seal(korean), 'base64');
    const position = fc.nat(message.length);
    fc.assert(
      fc.property(position, position, fc.uint8Array({ maxLength: 8 }), (from, to, between) => {
        const spliced = Buffer.concat([message.subarray(0, from), between, message.subarray(to)]);
        const result = open(spliced.toString('base64'));
        if (result.kind === 'opened') assert.equal(result.text, korean);
      }),
    );
  });

  for (const value of ['', ' ', 'hong@example.com', '010-1234-5678', '홍길동', 'QUJD', 'wwwwwwww']) {
    it(`refuses ${JSON.stringify(value)} and does not repeat it`, () => {
      const failure = open(value);
      assert.equal(failure.kind, 'refused');
      if (value.length > 1) assert.ok(!failure.why.includes(value));
    });
  }
});
