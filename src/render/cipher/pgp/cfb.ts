import { createDecipheriv } from 'node:crypto';
import type { Refused } from '../cipher.ts';
import { blockBytes, zeroIv } from './algorithms.ts';
import { cutShort, wrongPassphrase } from './pgpRefusals.ts';
import type { SessionKey } from './sessionKey.ts';

/** Random bytes of one block, and the last two of them once more (RFC 4880, 5.7 and 5.13). */
export const prefixBytes = blockBytes + 2;

export interface Deciphered {
  readonly kind: 'deciphered';
  readonly prefix: Buffer;
  readonly content: Buffer;
}

/** Plain CFB over prefix and content (RFC 4880, 5.13). */
export function decipherInOne({ cipher, key }: SessionKey, sealed: Buffer): Deciphered | Refused {
  if (sealed.length < prefixBytes) return cutShort;
  const plain = createDecipheriv(cipher.name, key, zeroIv).update(sealed);
  return checked(plain.subarray(0, prefixBytes), plain.subarray(prefixBytes));
}

/**
 * OpenPGP's own CFB: behind the prefix it starts again, with the last sealed block as initial vector (RFC
 * 4880, 5.7 and 13.9).
 */
export function decipherResynced({ cipher, key }: SessionKey, sealed: Buffer): Deciphered | Refused {
  if (sealed.length < prefixBytes) return cutShort;
  const prefix = createDecipheriv(cipher.name, key, zeroIv).update(sealed.subarray(0, prefixBytes));
  const iv = sealed.subarray(prefixBytes - blockBytes, prefixBytes);
  return checked(prefix, createDecipheriv(cipher.name, key, iv).update(sealed.subarray(prefixBytes)));
}

/**
 * The quick check (RFC 4880, 5.7). A wrong passphrase passes it once in 65,536 times. Reporting its result
 * helps an attacker who asks many times with forged messages (RFC 4880, 14), but here only the billing batch
 * can ask.
 */
function checked(prefix: Buffer, content: Buffer): Deciphered | Refused {
  return prefix.readUInt16BE(blockBytes - 2) === prefix.readUInt16BE(blockBytes)
    ? { kind: 'deciphered', prefix, content }
    : wrongPassphrase;
}
