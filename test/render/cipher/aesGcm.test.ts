import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createAesGcm } from '../../../src/render/cipher/aesGcm.ts';
import { createKeyRing } from '../../../src/render/cipher/keyRing.ts';

const key = randomBytes(32);
const cipher = createAesGcm(createKeyRing([{ keyId: 'k1', key }]));
const bodyOf = (envelope: string): string => envelope.slice('v1:k1:'.length);

describe('aes-256-gcm', () => {
  it('opens what node:crypto sealed as IV, cipher text and tag', () => {
    const iv = randomBytes(12);
    const sealing = createCipheriv('aes-256-gcm', key, iv);
    const sealed = Buffer.concat([
      iv,
      sealing.update('홍길동', 'utf8'),
      sealing.final(),
      sealing.getAuthTag(),
    ]);
    assert.deepEqual(cipher.open(sealed.toString('base64'), 'k1'), { kind: 'opened', text: '홍길동' });
  });

  it('seals what node:crypto opens', () => {
    const sealed = Buffer.from(bodyOf(cipher.seal('홍길동')), 'base64');
    const opening = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
    opening.setAuthTag(sealed.subarray(-16));
    assert.equal(
      opening.update(sealed.subarray(12, -16), undefined, 'utf8') + opening.final('utf8'),
      '홍길동',
    );
  });

  it('opens every text that it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.deepEqual(cipher.open(bodyOf(cipher.seal(text)), 'k1'), { kind: 'opened', text });
      }),
    );
  });

  it('never seals the same text twice alike', () => {
    assert.notEqual(cipher.seal('홍길동'), cipher.seal('홍길동'));
  });

  it('opens Base64 with line breaks', () => {
    const wrapped = bodyOf(cipher.seal('x'.repeat(100))).replace(/.{76}/g, '$&\r\n');
    assert.deepEqual(cipher.open(wrapped, 'k1'), { kind: 'opened', text: 'x'.repeat(100) });
  });

  it('refuses a value in which any one bit was changed', () => {
    const sealed = Buffer.from(bodyOf(cipher.seal('hong@example.com')), 'base64');
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Buffer.from(sealed);
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        assert.equal(cipher.open(changed.toString('base64'), 'k1').kind, 'refused');
      }),
    );
  });

  it('refuses a value of another key', () => {
    const other = createAesGcm(createKeyRing([{ keyId: 'k1', key: randomBytes(32) }]));
    assert.equal(cipher.open(bodyOf(other.seal('홍길동')), 'k1').kind, 'refused');
  });

  it('refuses a key id that it does not have', () => {
    assert.deepEqual(cipher.open(bodyOf(cipher.seal('x')), 'k9'), {
      kind: 'refused',
      why: 'there is no key of that id',
    });
  });

  for (const body of ['', 'not base64!', '한글', 'QUJD', 'A'.repeat(36), `${'A'.repeat(40)}=A`]) {
    it(`refuses ${JSON.stringify(body)}`, () => {
      assert.equal(cipher.open(body, 'k1').kind, 'refused');
    });
  }
});
