import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
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

  it('refuses pgp as long as it is not built in', () => {
    assert.throws(() => createFieldCiphers(testCipherSettings({ fields: { email: 'pgp' } })), {
      code: 'CIPHER_FAILED',
      message: /pgp/,
    });
  });
});
