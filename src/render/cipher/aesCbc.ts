import { createDecipheriv, type KeyObject } from 'node:crypto';
import { type BareCipher, type Cipher, type Opened, type Refused, refused } from './cipher.ts';
import { decodeSealed, notBase64, openedText } from './sealedBytes.ts';

const blockBytes = 16;

/**
 * Opens AES-256-CBC (NIST SP 800-38A): 16 bytes IV and cipher text with PKCS#7 padding (RFC 5652, 6.3), in
 * Base64. It proves nothing about who wrote the value: for data of other systems only, never sealed here.
 */
export function openCbc(key: KeyObject, body: string): Opened {
  const sealed = readBlocks(body);
  return Buffer.isBuffer(sealed) ? decipher(key, sealed) : sealed;
}

/** The cipher of values that other systems sealed as c1, without its prefix. */
export const aesCbc: Cipher = {
  needs: 'CIPHER_KEYS',
  envelope: 'c1',
  create: ({ keys }) => createBareCbc(keys),
};

/**
 * Values without a prefix. Nothing in them names their key, so all keys are tried. A wrong key gives good
 * padding and good UTF-8 for a short value about 5 times in ten million, and a plausible text about once in a
 * hundred million. So no key counts because it came first: a value that two keys open to different texts is
 * refused.
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

/** Blanks and a NUL at the end come out of real systems; other control and unassigned characters do not. */
function isPlausible(text: string): boolean {
  return !/[[\p{Cc}--[\0\t\n\v\f\r]]\p{Cn}\p{Co}]/v.test(text);
}
