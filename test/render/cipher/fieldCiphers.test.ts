import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { testCipherOptions } from '../bill/testCiphers.ts';
import { cbc, gcm, sealC1, sealV1, sealV2 } from './sealing.ts';

const [oldKey, newKey] = [
  { keyId: 'old', key: randomBytes(32) },
  { keyId: 'new', key: randomBytes(32) },
];
function opened(text: string) {
  return { kind: 'opened', text };
}

describe('createFieldCiphers', () => {
  it('opens values of earlier keys after a rotation, and seals with the new one', () => {
    const before = createFieldCiphers(testCipherOptions({ keys: [oldKey] }));
    const after = createFieldCiphers(testCipherOptions({ keys: [newKey, oldKey] }));
    assert.deepEqual(after.open('email', '7', before.seal('email', '7', 'a@b.kr')), opened('a@b.kr'));
    assert.match(after.seal('email', '7', 'a@b.kr'), /^v2:new:/);
  });

  it('opens a value in its own field and member only', () => {
    const { open, seal } = createFieldCiphers(testCipherOptions());
    const value = seal('email', '7', 'a@b.kr');
    assert.deepEqual(open('email', '7', value), opened('a@b.kr'));
    assert.equal(open('email', '8', value).kind, 'cipherFailed');
    assert.equal(open('phone', '7', value).kind, 'cipherFailed');
  });

  it('goes by the prefix, whatever the fallback is', () => {
    for (const fallback of ['aes-256-cbc', 'aes-256-gcm', 'pgp', 'none'] as const) {
      const pgp = { passphrase: 'passphrase' };
      const { open } = createFieldCiphers(testCipherOptions({ fallback, keys: [oldKey], pgp }));
      for (const value of [
        sealC1(oldKey, '홍길동'),
        sealV1(oldKey, '홍길동'),
        sealV2(oldKey, ['name', '7'], '홍길동'),
      ]) {
        assert.deepEqual(open('name', '7', value), opened('홍길동'), `${fallback} ${value.slice(0, 2)}`);
      }
    }
  });

  it('seals as v2 whichever of AES the values without a prefix are', () => {
    for (const fallback of ['aes-256-gcm', 'aes-256-cbc'] as const) {
      assert.match(createFieldCiphers(testCipherOptions({ fallback })).seal('name', '7', 'x'), /^v2:k1:/);
    }
  });

  it('opens a value without prefix with every key', () => {
    const bare = {
      'aes-256-gcm': gcm,
      'aes-256-cbc': (key: Uint8Array, text: string) => cbc(key, Buffer.from(text)),
    };
    for (const fallback of ['aes-256-gcm', 'aes-256-cbc'] as const) {
      const { open } = createFieldCiphers(testCipherOptions({ fallback, keys: [newKey, oldKey] }));
      for (const { key } of [newKey, oldKey]) {
        assert.deepEqual(
          open('name', '7', bare[fallback](key, '홍길동').toString('base64')),
          opened('홍길동'),
        );
      }
    }
  });

  it('follows the exceptions by field', () => {
    const ciphers = createFieldCiphers(testCipherOptions({ fields: { address: 'none' } }));
    assert.equal(ciphers.seal('address', '7', '서울: 강남'), '서울: 강남');
    assert.deepEqual(ciphers.open('address', '7', '서울: 강남'), opened('서울: 강남'));
    assert.equal(ciphers.open('name', '7', '홍길동').kind, 'cipherFailed');
  });

  it('names field and key id of a failure, and nothing of the value', () => {
    const { open } = createFieldCiphers(testCipherOptions({ keys: [oldKey] }));
    assert.deepEqual(open('phone', '7', 'v1:gone:QUJD'), {
      kind: 'cipherFailed',
      field: 'phone',
      keyId: 'gone',
      why: 'there is no key of that id',
      isKeyMissing: true,
    });
    for (const value of ['010-1234-5678', 'v2:010-1234 5678:', 'v1:010-1234-5678', 'c1:old:01012345678']) {
      const failure = open('phone', '7', value);
      assert.equal(failure.kind, 'cipherFailed');
      assert.doesNotMatch(JSON.stringify(failure), /1234/);
    }
  });

  it('opens values of several keys side by side, in whatever order they are given', () => {
    const keys = ['a', 'b', 'c'].map((keyId) => ({ keyId, key: randomBytes(32) }));
    const values = keys.map((key) =>
      createFieldCiphers(testCipherOptions({ keys: [key] })).seal('name', '7', key.keyId),
    );
    for (const order of [keys, keys.toReversed()]) {
      const { open, seal } = createFieldCiphers(testCipherOptions({ keys: order }));
      for (const [index, { keyId }] of keys.entries()) {
        assert.deepEqual(open('name', '7', values[index] ?? ''), opened(keyId));
      }
      assert.ok(seal('name', '7', 'x').startsWith(`v2:${order[0]?.keyId}:`));
    }
  });

  it('reads a database whose contacts are sealed by pgp, and all else is plain, without any key', () => {
    const fields = {
      name: 'none',
      address: 'none',
      paymentOwnerName: 'none',
      paymentNumber: 'none',
    } as const;
    const settings = testCipherOptions({
      fallback: 'pgp',
      fields,
      keys: [],
      pgp: { passphrase: 'passphrase' },
    });
    const { open, seal } = createFieldCiphers(settings);
    assert.deepEqual(open('name', '7', '홍길동'), opened('홍길동'));
    assert.deepEqual(open('email', '7', seal('email', '7', 'a@b.kr')), opened('a@b.kr'));
    const wrong = createFieldCiphers({ ...settings, pgp: { passphrase: 'another' } });
    assert.equal(wrong.open('phone', '7', seal('phone', '7', '010-1234-5678')).kind, 'cipherFailed');
  });

  it('refuses pgp without a passphrase, and AES without a key', () => {
    assert.throws(() => createFieldCiphers(testCipherOptions({ fields: { email: 'pgp' } })), {
      code: 'CIPHER_FAILED',
      message: /PGP_PASSPHRASE/,
    });
    assert.throws(() => createFieldCiphers(testCipherOptions({ keys: [] })), {
      code: 'CIPHER_FAILED',
      message: /CIPHER_KEYS/,
    });
  });
});

describe('CIPHER_ACCEPT', () => {
  const values = {
    v2: sealV2(oldKey, ['name', '7'], '홍길동'),
    v1: sealV1(oldKey, '홍길동'),
    c1: sealC1(oldKey, '홍길동'),
  } as const;

  it('closes the prefixes that it does not have, and says so', () => {
    for (const accept of [['v2'], ['v2', 'v1'], ['v2', 'c1'], ['v2', 'v1', 'c1']] as const) {
      const { open } = createFieldCiphers(testCipherOptions({ keys: [oldKey], accept }));
      for (const name of ['v2', 'v1', 'c1'] as const) {
        const result = open('name', '7', values[name]);
        if (accept.some((accepted) => accepted === name)) assert.deepEqual(result, opened('홍길동'));
        else assert.match(JSON.stringify(result), /CIPHER_ACCEPT/);
      }
    }
  });

  it('closes what has no prefix with the envelope that it would be: a prefix is quickly taken off', () => {
    for (const [fallback, name] of [
      ['aes-256-gcm', 'v1'],
      ['aes-256-cbc', 'c1'],
    ] as const) {
      const bare = values[name].replace(/^.*:/, '');
      const { open } = createFieldCiphers(testCipherOptions({ fallback, keys: [oldKey], accept: ['v2'] }));
      assert.match(JSON.stringify(open('name', '7', bare)), /no prefix.*CIPHER_ACCEPT/);
    }
  });
});

describe('a PGP message under another cipher', () => {
  const message = createFieldCiphers(
    testCipherOptions({ fallback: 'pgp', pgp: { passphrase: 'passphrase' } }),
  ).seal('email', '7', 'hong@example.com');
  const hex = Buffer.from(message, 'base64').toString('hex');
  const forms = [
    message,
    `\\x${hex}`,
    hex,
    `-----BEGIN PGP MESSAGE-----\n\n${message}\n-----END PGP MESSAGE-----\n`,
  ];

  it('is named in the error, also if the cipher is none: it is nobody’s name', () => {
    for (const fallback of ['aes-256-gcm', 'aes-256-cbc', 'none'] as const) {
      for (const form of forms) {
        const result = createFieldCiphers(testCipherOptions({ fallback })).open('email', '7', form);
        assert.match(JSON.stringify(result), /cipherFailed.*PGP message/, `${fallback} ${form}`);
      }
    }
  });

  it('is not seen in plain values', () => {
    const { open } = createFieldCiphers(testCipherOptions({ fallback: 'none' }));
    for (const text of [
      '홍길동',
      'jAmEs Something-Very-Long Of-Some-Street 1234567',
      'wwwE@example.com',
      'c3',
      '\\x',
    ]) {
      assert.deepEqual(open('address', '7', text), opened(text));
    }
  });
});
