import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { loadConfig } from '../../../src/config.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { testCipherSettings } from '../testCiphers.ts';

const [oldKey, newKey] = [
  { keyId: 'old', key: randomBytes(32) },
  { keyId: 'new', key: randomBytes(32) },
];

describe('createFieldCiphers', () => {
  it('opens values of earlier keys after a rotation, and seals with the new one', () => {
    const before = createFieldCiphers(testCipherSettings({ keys: [oldKey] }));
    const after = createFieldCiphers(testCipherSettings({ keys: [newKey, oldKey] }));
    assert.deepEqual(after.open('email', before.seal('email', 'a@b.kr')), { kind: 'opened', text: 'a@b.kr' });
    assert.match(after.seal('email', 'a@b.kr'), /^v1:new:/);
  });

  it('tells by the prefix, whatever the fallback is', () => {
    const cbc = createFieldCiphers(testCipherSettings({ fallback: 'aes-256-cbc', keys: [oldKey] }));
    const gcm = createFieldCiphers(testCipherSettings({ fallback: 'aes-256-gcm', keys: [oldKey] }));
    assert.match(cbc.seal('name', '홍길동'), /^c1:old:/);
    assert.deepEqual(gcm.open('name', cbc.seal('name', '홍길동')), { kind: 'opened', text: '홍길동' });
    assert.deepEqual(cbc.open('name', gcm.seal('name', '홍길동')), { kind: 'opened', text: '홍길동' });
  });

  it('opens a value without prefix with the fallback and the first key', () => {
    for (const fallback of ['aes-256-gcm', 'aes-256-cbc'] as const) {
      const ciphers = createFieldCiphers(testCipherSettings({ fallback, keys: [newKey, oldKey] }));
      const bare = ciphers.seal('name', '홍길동').replace(/^.*:/, '');
      assert.deepEqual(ciphers.open('name', bare), { kind: 'opened', text: '홍길동' });
    }
  });

  it('follows the exceptions by field', () => {
    const ciphers = createFieldCiphers(testCipherSettings({ fields: { address: 'none' } }));
    assert.equal(ciphers.seal('address', '서울: 강남'), '서울: 강남');
    assert.deepEqual(ciphers.open('address', '서울: 강남'), { kind: 'opened', text: '서울: 강남' });
    assert.equal(ciphers.open('name', '홍길동').kind, 'cipherFailed');
  });

  it('names field and key id of a failure, and nothing of the value', () => {
    const { open } = createFieldCiphers(testCipherSettings({ keys: [oldKey] }));
    assert.deepEqual(open('phone', 'v1:gone:QUJD'), {
      kind: 'cipherFailed',
      field: 'phone',
      keyId: 'gone',
      why: 'there is no key of that id',
    });
    for (const value of ['010-1234-5678', 'v1:010-1234 5678:', 'v1:010-1234-5678', 'c1:old:01012345678']) {
      const failure = open('phone', value);
      assert.equal(failure.kind, 'cipherFailed');
      assert.doesNotMatch(JSON.stringify(failure), /1234/);
    }
  });

  it('opens values of several keys side by side, in whatever order they are given', () => {
    const keys = ['a', 'b', 'c'].map((keyId) => ({ keyId, key: randomBytes(32) }));
    const values = keys.map((key) =>
      createFieldCiphers(testCipherSettings({ keys: [key] })).seal('name', key.keyId),
    );
    for (const order of [keys, keys.toReversed()]) {
      const { open, seal } = createFieldCiphers(testCipherSettings({ keys: order }));
      for (const [index, { keyId }] of keys.entries())
        assert.deepEqual(open('name', values[index] ?? ''), { kind: 'opened', text: keyId });
      assert.ok(seal('name', 'x').startsWith(`v1:${order[0]?.keyId}:`));
    }
  });

  it('reads a database whose contacts are sealed by pgp, and all else is plain', () => {
    const fields = {
      name: 'none',
      address: 'none',
      paymentOwnerName: 'none',
      paymentNumber: 'none',
    } as const;
    const settings = testCipherSettings({ fallback: 'pgp', fields, pgpPassphrase: 'passphrase' });
    const { open, seal } = createFieldCiphers(settings);
    assert.deepEqual(open('name', '홍길동'), { kind: 'opened', text: '홍길동' });
    assert.deepEqual(open('email', seal('email', 'a@b.kr')), { kind: 'opened', text: 'a@b.kr' });
    const wrong = createFieldCiphers({ ...settings, pgpPassphrase: 'another' });
    assert.equal(wrong.open('phone', seal('phone', '010-1234-5678')).kind, 'cipherFailed');
  });

  it('opens values with a prefix beside those of pgp', () => {
    const keys = [oldKey];
    const gcm = createFieldCiphers(testCipherSettings({ keys }));
    const pgp = createFieldCiphers(
      testCipherSettings({ keys, fallback: 'pgp', pgpPassphrase: 'passphrase' }),
    );
    assert.deepEqual(pgp.open('email', gcm.seal('email', 'a@b.kr')), { kind: 'opened', text: 'a@b.kr' });
  });

  it('refuses pgp without a passphrase', () => {
    assert.throws(() => createFieldCiphers(testCipherSettings({ fields: { email: 'pgp' } })), {
      code: 'CIPHER_FAILED',
      message: /PGP_PASSPHRASE/,
    });
  });
});

describe('the settings of pgp', () => {
  it('want a passphrase wherever pgp is used, and hand it on', () => {
    for (const wanting of [{ CIPHER: 'pgp' }, { CIPHER_FIELDS: 'email:pgp' }]) {
      assert.throws(() => loadConfig(wanting), { code: 'CONFIG_INVALID', message: /PGP_PASSPHRASE/ });
      assert.equal(
        loadConfig({ ...wanting, PGP_PASSPHRASE: 'open sesame' }).cipher.pgpPassphrase,
        'open sesame',
      );
    }
    assert.equal(loadConfig({}).cipher.pgpPassphrase, undefined);
  });
});
