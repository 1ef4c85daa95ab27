import { createDecipheriv, type KeyObject } from 'node:crypto';
import { type BareCipher, type Cipher, type Opened, type Refused, refused } from './cipher.ts';
import { decodeSealed, notBase64, openedText } from './sealedBytes.ts';

const blockBytes = 16;

/**
 * Opens AES-256-CBC (NIST SP 800-38A): 16 bytes IV, then cipher text with PKCS#7 padding (RFC 5652, 6.3), all
 * in Base64. It does not prove who wrote the value, so it only opens data of other systems, and nothing is
 * sealed with it.
 */
export function openCbc(key: KeyObject, body: string): Opened {
  const sealed = readBlocks(body);
  return Buffer.isBuffer(sealed) ? decipher(key, sealed) : sealed;
}

/** For values that other systems sealed as c1, without its prefix. */
export const aesCbc: Cipher = {
  needs: 'CIPHER_KEYS',
  envelope: 'c1',
  create: ({ keys }) => createBareCbc(keys),
};

/**
 * Opens values without a prefix. They do not name their key, so all keys are tried. For a short value, a
 * wrong key gives valid padding and UTF-8 about 5 times in ten million, and a plausible text about once in a
 * hundred million. So the order of the keys does not decide: if two keys open a value to different texts, it
 * is refused.
 */
export function createBareCbc(keys: readonly KeyObject[]): BareCipher {
  return {
    open: (value) => {
      const sealed = readBlocks(value);
      if (!Buffer.isBuffer(sealed)) return sealed;
      let found: Opened = changed;
      for (const key of keys) {
        const opened = decipher(key, sealed);
        if (opened.kind === 'refused' || !isPlausible(opened.text)) continue;
        if (found.kind === 'opened' && found.text !== opened.text) return ambiguous;
        found = opened;
      }
      return found;
    },
  };
}

const changed: Refused = refused('it was changed, or sealed with another key');
const ambiguous: Refused = refused('more than one key opens it: write its key id in front of it');

function readBlocks(body: string): Buffer | Refused {
  const sealed = decodeSealed(body);
  if (sealed === undefined) return notBase64;
  const isWhole = sealed.length >= 2 * blockBytes && sealed.length % blockBytes === 0;
  return isWhole ? sealed : refused('its length is not that of an IV and whole blocks');
}

function decipher(key: KeyObject, sealed: Buffer): Opened {
  const opening = createDecipheriv('aes-256-cbc', key, sealed.subarray(0, blockBytes));
  try {
    return openedText(Buffer.concat([opening.update(sealed.subarray(blockBytes)), opening.final()]));
  } catch {
    return changed;
  }
}

/**
 * Spaces and a NUL at the end come from real systems; other control characters and unassigned ones do not.
 */
function isPlausible(text: string): boolean {
  return !/[[\p{Cc}--[\0\t\n\v\f\r]]\p{Cn}\p{Co}]/v.test(text);
}
