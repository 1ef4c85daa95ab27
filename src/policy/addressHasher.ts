import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Channel } from '../channels.ts';

/** Recognizes an address that was refused, by a hash that does not reveal it. */
export interface AddressHasher {
  /** `keyId:hash` by the current key; undefined if there is no key. */
  hash(channel: Channel, address: string): string | undefined;
  /** Whether an earlier hash is of this address, with any key; false if its key is gone. */
  isOf(hash: string, channel: Channel, address: string): boolean;
}

const info = 'billcast refused address';

/**
 * HMAC-SHA-256 (RFC 2104) of channel and address. Its keys are derived from those of `CIPHER_KEYS` by
 * HKDF-SHA-256 (RFC 5869), so that a hash says nothing about a sealed value. Keys that are not current any
 * more still compare.
 */
export function createAddressHasher(
  keys: readonly { readonly keyId: string; readonly key: Uint8Array }[],
): AddressHasher {
  const keyOf = new Map(keys.map(({ keyId, key }) => [keyId, deriveKey(key)]));
  const [current] = keyOf;
  return {
    hash(channel, address) {
      if (current === undefined) return undefined;
      const [keyId, key] = current;
      return `${keyId}:${digest(key, channel, address).toString('base64url')}`;
    },
    isOf(hash, channel, address) {
      const separator = hash.lastIndexOf(':');
      const key = keyOf.get(hash.slice(0, separator));
      if (key === undefined) return false;
      const known = Buffer.from(hash.slice(separator + 1), 'base64url');
      const found = digest(key, channel, address);
      return known.length === found.length && timingSafeEqual(known, found);
    },
  };
}

function deriveKey(key: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', info, 32)));
}

function digest(key: KeyObject, channel: Channel, address: string): Buffer {
  return createHmac('sha256', key).update(`${channel}\n${address}`).digest();
}
