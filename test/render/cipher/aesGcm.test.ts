import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createBareGcm, openGcm, sealGcm } from '../../../src/render/cipher/aesGcm.ts';
import { gcm } from './sealing.ts';

const bytes = randomBytes(32);
const key = createSecretKey(bytes);
const otherBytes = randomBytes(32);
function opened(text: string) {
  return { kind: 'opened', text };
}

describe('openGcm', () => {
  it('opens what node:crypto sealed as IV, cipher text and tag', () => {
    assert.deepEqual(openGcm(key, gcm(bytes, '홍길동').toString('base64')), opened('홍길동'));
  });

  it('opens every text that sealGcm sealed, bound to what it was sealed with only', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, (plain, bound, other) => {
        const sealed = sealGcm(key, plain, Buffer.from(bound));
        assert.deepEqual(openGcm(key, sealed, Buffer.from(bound)), opened(plain));
        assert.equal(openGcm(key, sealed, Buffer.from(`${bound}${other}!`)).kind, 'refused');
        if (bound !== '') assert.equal(openGcm(key, sealed).kind, 'refused');
      }),
    );
  });

  it('never seals the same text twice alike', () => {
    assert.notEqual(sealGcm(key, '홍길동', Buffer.of()), sealGcm(key, '홍길동', Buffer.of()));
  });

  it('opens Base64 with line breaks, and a bytea as PostgreSQL prints it', () => {
    const sealed = gcm(bytes, 'x'.repeat(100));
    const wrapped = sealed.toString('base64').replace(/.{76}/g, '$&\r\n');
    assert.deepEqual(openGcm(key, wrapped), opened('x'.repeat(100)));
    assert.deepEqual(openGcm(key, `\\x${sealed.toString('hex')}`), opened('x'.repeat(100)));
  });

  it('refuses a value in which any one bit was changed', () => {
    const sealed = Buffer.from(sealGcm(key, 'hong@example.com', Buffer.from('place')), 'base64');
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        assert.equal(openGcm(key, changed.toString('base64'), Buffer.from('place')).kind, 'refused');
      }),
    );
  });

  it('refuses a value of another key', () => {
    assert.equal(openGcm(key, gcm(otherBytes, '홍길동').toString('base64')).kind, 'refused');
  });

  for (const body of [
    '',
    'not base64!',
    '한글',
    'QUJD',
    '\\x',
    '\\x0',
    'A'.repeat(36),
    `${'A'.repeat(40)}=A`,
  ]) {
    it(`refuses ${JSON.stringify(body)}`, () => {
      assert.equal(openGcm(key, body).kind, 'refused');
    });
  }
});

describe('createBareGcm', () => {
  it('opens a value of any of the keys', () => {
    const { open } = createBareGcm([key, createSecretKey(otherBytes)]);
    for (const sealedBy of [bytes, otherBytes]) {
      assert.deepEqual(open(gcm(sealedBy, '홍길동').toString('base64')), opened('홍길동'));
    }
    assert.deepEqual(open(gcm(randomBytes(32), '홍길동').toString('base64')), {
      kind: 'refused',
      why: 'it was changed, or sealed with another key',
    });
  });
});
