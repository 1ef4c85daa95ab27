import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import type { StringToKey } from './stringToKey.ts';

/** Makes a key of so many bytes from the passphrase. */
export type KeyStretcher = (
  how: Pick<StringToKey, 'hash' | 'salt' | 'hashedBytes'>,
  keyBytes: number,
) => KeyObject;

/**
 * Makes the function that derives keys from a passphrase (RFC 4880, 3.7.1): salt and passphrase are hashed
 * over and over. If one hash is too short for the key, more are made, each with one more zero byte in front.
 */
export function createKeyStretcher(passphrase: string): KeyStretcher {
  const secret = Buffer.from(passphrase, 'utf8');
  // Measured: pieces of 16 KiB are hashed as fast as all of it at once.
  const scratch = Buffer.allocUnsafeSlow(Math.max(16_384, secret.length + 8));
  return ({ hash, salt, hashedBytes }, keyBytes) => {
    const once = Buffer.concat([salt, secret]);
    const wanted = Math.max(hashedBytes, once.length);
    const repeated = scratch.subarray(0, Math.floor(scratch.length / once.length) * once.length).fill(once);
    const hashes: Buffer[] = [];
    for (let bytes = 0, zeros = 0; bytes < keyBytes; zeros += 1) {
      const digest = hashOver({ hash, zeros, repeated, wanted });
      hashes.push(digest);
      bytes += digest.length;
    }
    // A KeyObject, because ciphers take 8 us longer to prepare a key from bytes.
    return createSecretKey(Buffer.concat(hashes).subarray(0, keyBytes));
  };
}

interface HashOrder {
  readonly hash: string;
  /** The number of zero bytes in front. */
  readonly zeros: number;
  /** Salt and passphrase, repeated a whole number of times. */
  readonly repeated: Buffer;
  /** How many bytes are hashed. */
  readonly wanted: number;
}

function hashOver({ hash, zeros, repeated, wanted }: HashOrder): Buffer {
  const hashing = createHash(hash);
  if (zeros > 0) hashing.update(Buffer.alloc(zeros));
  let left = wanted;
  for (; left >= repeated.length; left -= repeated.length) hashing.update(repeated);
  return hashing.update(repeated.subarray(0, left)).digest();
}
