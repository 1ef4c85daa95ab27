import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cipher, encryptedFields } from '../../../src/render/cipher/cipher.ts';
import { cipherNames, ciphers } from '../../../src/render/cipher/cipherRegistry.ts';
import { createFieldCiphers } from '../../../src/render/cipher/fieldCiphers.ts';
import { testCipherOptions } from '../bill/testCiphers.ts';

describe('each cipher of the list', () => {
  for (const fallback of cipherNames) {
    const cipher: Cipher = ciphers[fallback];
    it(`opens what it seals, in each field: ${fallback}`, () => {
      const ciphers = createFieldCiphers(testCipherOptions({ fallback, pgp: { passphrase: 'a phrase' } }));
      for (const field of encryptedFields) {
        const opened = ciphers.open(field, '7', ciphers.seal(field, '7', '홍길동'));
        assert.deepEqual(opened, { kind: 'opened', text: '홍길동' });
      }
    });

    it(`refuses to start without what it needs: ${fallback}`, () => {
      const create = () => createFieldCiphers(testCipherOptions({ fallback, keys: [] }));
      if (cipher.needs === undefined) assert.doesNotThrow(create);
      else assert.throws(create, { code: 'CIPHER_FAILED' });
    });
  }
});
