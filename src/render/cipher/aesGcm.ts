import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { type BareCipher, type Cipher, type Opened, type Refused, refused } from './cipher.ts';
import { decodeSealed, notBase64, openedText } from './sealedBytes.ts';

const ivBytes = 12;
const tagBytes = 16;

/**
 * Seals by AES-256-GCM (NIST SP 800-38D): 12 bytes IV, cipher text and 16 bytes tag, in Base64. `bound` is
 * authenticated with the text and not stored: only somebody who knows it can open the value.
 */
export function sealGcm(key: KeyObject, text: string, bound: Uint8Array): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bound);
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return sealed.toString('base64');
}

/** For values that other systems sealed as v1, without its prefix. */
export const aesGcm: Cipher = {
  needs: 'CIPHER_KEYS',
  envelope: 'v1',
  create: ({ keys }) => createBareGcm(keys),
};

/** Opens what `sealGcm` seals. Without `bound`, opens what was sealed without additional data. */
export function openGcm(key: KeyObject, body: string, bound?: Uint8Array): Opened {
  const sealed = decodeSealed(body);
  if (sealed === undefined) return notBase64;
  return sealed.length < ivBytes + tagBytes ? tooShort : decipher(key, sealed, bound);
}

/**
 * Opens values without a prefix. Each key is tried, the current one first. Only the right one fits the tag; a
 * wrong one passes once in 2^128 times.
 */
export function createBareGcm(keys: readonly KeyObject[]): BareCipher {
  return {
    open: (value) => {
      const sealed = decodeSealed(value);
      if (sealed === undefined) return notBase64;
      if (sealed.length < ivBytes + tagBytes) return tooShort;
      let outcome: Opened = changed;
      for (const key of keys) {
        outcome = decipher(key, sealed);
        if (outcome.kind === 'opened') break;
      }
      return outcome;
    },
  };
}

const tooShort: Refused = refused('it is too short');
const changed: Refused = refused('it was changed, or sealed with another key');
const changedOrMoved: Refused = refused(
  'it was changed, sealed with another key, or belongs to another field or member',
);

function decipher(key: KeyObject, sealed: Buffer, bound?: Uint8Array): Opened {
  const tagStart = sealed.length - tagBytes;
  const opening = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes));
  opening.setAuthTag(sealed.subarray(tagStart));
  if (bound !== undefined) opening.setAAD(bound);
  const bytes = opening.update(sealed.subarray(ivBytes, tagStart));
  try {
    // GCM has no text left at the end: final() only checks the tag.
    opening.final();
  } catch {
    return bound === undefined ? changed : changedOrMoved;
  }
  return openedText(bytes);
}
