import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createAesCbc } from '../../../src/render/cipher/aesCbc.ts';
import { createKeyRing } from '../../../src/render/cipher/keyRing.ts';

const key = randomBytes(32);
const cipher = createAesCbc(createKeyRing([{ keyId: 'k1', key }]));
const bodyOf = (envelope: string): string => envelope.slice('c1:k1:'.length);

describe('aes-256-cbc', () => {
  it('opens what node:crypto sealed as IV and cipher text', () => {
    const iv = randomBytes(16);
    const sealing = createCipheriv('aes-256-cbc', key, iv);
    const sealed = Buffer.concat([iv, sealing.update('홍길동', 'utf8'), sealing.final()]);
    assert.deepEqual(cipher.open(sealed.toString('base64'), 'k1'), { kind: 'opened', text: '홍길동' });
  });

  it('seals what node:crypto opens', () => {
    const sealed = Buffer.from(bodyOf(cipher.seal('홍길동')), 'base64');
    const opening = createDecipheriv('aes-256-cbc', key, sealed.subarray(0, 16));
    assert.equal(opening.update(sealed.subarray(16), undefined, 'utf8') + opening.final('utf8'), '홍길동');
  });

  it('opens every text that it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.deepEqual(cipher.open(bodyOf(cipher.seal(text)), 'k1'), { kind: 'opened', text });
      }),
    );
  });

  it('refuses wrong padding', () => {
    const iv = randomBytes(16);
    const sealing = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
    const sealed = Buffer.concat([iv, sealing.update(Buffer.alloc(16)), sealing.final()]);
    assert.equal(cipher.open(sealed.toString('base64'), 'k1').kind, 'refused');
  });

  it('refuses what opens to bytes that are no UTF-8', () => {
    const iv = randomBytes(16);
    const sealing = createCipheriv('aes-256-cbc', key, iv);
    const sealed = Buffer.concat([iv, sealing.update(Buffer.from([0xff, 0xfe])), sealing.final()]);
    assert.equal(cipher.open(sealed.toString('base64'), 'k1').kind, 'refused');
  });

  for (const bytes of [0, 15, 16, 31, 33]) {
    it(`refuses ${bytes} bytes`, () => {
      assert.equal(cipher.open(Buffer.alloc(bytes, 1).toString('base64'), 'k1').kind, 'refused');
    });
  }
});
