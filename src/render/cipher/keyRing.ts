import { createSecretKey, type KeyObject } from 'node:crypto';
import { BillcastError } from '../../errors.ts';

/** One key of `CIPHER_KEYS`; `key` holds 32 bytes. */
export interface CipherKey {
  readonly keyId: string;
  readonly key: Uint8Array;
}

/** The keys that open values; new values are sealed with the current one. */
export interface KeyRing {
  readonly current: { readonly keyId: string; readonly key: KeyObject };
  /** The key of that id; of the current one without an id. */
  find(keyId: string | undefined): KeyObject | undefined;
}

/**
 * Takes the keys in the order of `CIPHER_KEYS`: the first one is the current one.
 *
 * Throws `CIPHER_FAILED` where there is none, where an id repeats, or where a key is not 32 bytes long.
 */
export const createKeyRing = (keys: readonly CipherKey[]): KeyRing => {
  // A KeyObject is made once: with raw bytes each decryption prepares the key anew, four times the cost.
  const byId = new Map<string, KeyObject>();
  for (const { keyId, key } of keys) {
    checkKey(keyId, key, byId);
    byId.set(keyId, createSecretKey(key));
  }
  const [first] = byId;
  if (first === undefined) throw new BillcastError('CIPHER_FAILED', 'Set CIPHER_KEYS: there is no key');
  const current = { keyId: first[0], key: first[1] };
  return { current, find: (keyId) => (keyId === undefined ? current.key : byId.get(keyId)) };
};

const checkKey = (keyId: string, key: Uint8Array, known: ReadonlyMap<string, KeyObject>): void => {
  if (!/^[\w.-]+$/.test(keyId)) {
    throw new BillcastError(
      'CIPHER_FAILED',
      'CIPHER_KEYS: a key id has letters, digits, ".", "_" and "-" only',
    );
  }
  if (known.has(keyId))
    throw new BillcastError('CIPHER_FAILED', `CIPHER_KEYS: the key id ${keyId} is there twice`);
  if (key.length !== 32) {
    throw new BillcastError(
      'CIPHER_FAILED',
      `CIPHER_KEYS: the key ${keyId} has ${key.length} bytes instead of 32`,
    );
  }
};
