import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { type Opened, type PrefixedCipher, refused } from './cipher.ts';
import type { KeyRing } from './keyRing.ts';
import { asOpenedText, decodeBase64 } from './sealedBytes.ts';

const BLOCK_BYTES = 16;

/**
 * AES-256-CBC (NIST SP 800-38A) in the envelope `c1:<keyId>:<base64>`, Base64 of 16 bytes IV and cipher text
 * with PKCS#7 padding (RFC 5652, 6.3). It proves nothing about who wrote it: for data of other systems only.
 */
export const createAesCbc = (keyRing: KeyRing): PrefixedCipher => ({
  prefix: 'c1',
  seal: (text) => {
    const iv = randomBytes(BLOCK_BYTES);
    const cipher = createCipheriv('aes-256-cbc', keyRing.current.key, iv);
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final()]);
    return `c1:${keyRing.current.keyId}:${sealed.toString('base64')}`;
  },
  open: (body, keyId) => {
    const key = keyRing.find(keyId);
    return key === undefined ? refused('there is no key of that id') : openWith(key, body);
  },
});

const openWith = (key: KeyObject, body: string): Opened => {
  const sealed = decodeBase64(body);
  if (sealed === undefined) return refused('it is not Base64');
  if (sealed.length < 2 * BLOCK_BYTES || sealed.length % BLOCK_BYTES !== 0) {
    return refused('its length is not that of an IV and whole blocks');
  }
  const decipher = createDecipheriv('aes-256-cbc', key, sealed.subarray(0, BLOCK_BYTES));
  try {
    return asOpenedText(Buffer.concat([decipher.update(sealed.subarray(BLOCK_BYTES)), decipher.final()]));
  } catch {
    return refused('it was changed, or sealed with another key');
  }
};
