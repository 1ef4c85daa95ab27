import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { type Opened, type PrefixedCipher, refused } from './cipher.ts';
import type { KeyRing } from './keyRing.ts';
import { asOpenedText, decodeBase64 } from './sealedBytes.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM (NIST SP 800-38D) in the envelope `v1:<keyId>:<base64>`, Base64 of 12 bytes IV, cipher text and
 * 16 bytes tag.
 */
export const createAesGcm = (keyRing: KeyRing): PrefixedCipher => ({
  prefix: 'v1',
  seal: (text) => {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', keyRing.current.key, iv);
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1:${keyRing.current.keyId}:${sealed.toString('base64')}`;
  },
  open: (body, keyId) => {
    const key = keyRing.find(keyId);
    return key === undefined ? refused('there is no key of that id') : openWith(key, body);
  },
});

const openWith = (key: KeyObject, body: string): Opened => {
  const sealed = decodeBase64(body);
  if (sealed === undefined) return refused('it is not Base64');
  const tagStart = sealed.length - TAG_BYTES;
  if (tagStart < IV_BYTES) return refused('it is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES));
  decipher.setAuthTag(sealed.subarray(tagStart));
  const bytes = decipher.update(sealed.subarray(IV_BYTES, tagStart));
  try {
    // GCM leaves nothing for the end: final() only checks the tag.
    decipher.final();
  } catch {
    return refused('it was changed, or sealed with another key');
  }
  return asOpenedText(bytes);
};
