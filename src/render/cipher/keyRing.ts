import { createSecretKey, type KeyObject } from 'node:crypto';
import { BillcastError } from '../../errors.ts';

/** One key of `CIPHER_KEYS`; `key` holds 32 bytes. */
export interface CipherKey {
  readonly keyId: string;
  readonly key: Uint8Array;
}

/** The keys that open values; new values are sealed with the current one. */
export interface KeyRing {
  /** Undefined if there is no key at all: then nothing can be sealed. */
  readonly current: { readonly keyId: string; readonly key: KeyObject } | undefined;
  /** All keys, the current one first. */
  readonly keys: readonly KeyObject[];
  find(keyId: string): KeyObject | undefined;
}

/**
 * Takes the keys in the order of `CIPHER_KEYS`: the first one is the current one.
 *
 * @throws BillcastError CIPHER_FAILED if an id repeats, or a key is not 32 bytes long
 */
export function createKeyRing(keys: readonly CipherKey[]): KeyRing {
  // A KeyObject is made once per key: with raw bytes, each decryption prepares the key again, at four times
  // the cost.
  const byId = new Map<string, KeyObject>();
  for (const { keyId, key } of keys) {
    checkKey(keyId, key, byId);
    byId.set(keyId, createSecretKey(key));
  }
  const [first] = byId;
  return {
    current: first === undefined ? undefined : { keyId: first[0], key: first[1] },
    keys: [...byId.values()],
    find: (keyId) => byId.get(keyId),
  };
}

function checkKey(keyId: string, key: Uint8Array, known: ReadonlyMap<string, KeyObject>): void {
  if (!/^[\w.-]+$/.test(keyId)) {
    throw new BillcastError(
      'CIPHER_FAILED',
      'CIPHER_KEYS: a key id has letters, digits, ".", "_" and "-" only',
    );
  }
  if (known.has(keyId)) {
    throw new BillcastError('CIPHER_FAILED', `CIPHER_KEYS: the key id ${keyId} is there twice`);
  }
  if (key.length !== 32) {
    throw new BillcastError(
      'CIPHER_FAILED',
      `CIPHER_KEYS: the key ${keyId} has ${key.length} bytes instead of 32`,
    );
  }
}
