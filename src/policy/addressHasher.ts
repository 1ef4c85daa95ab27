import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type Channel, channels } from '../channels.ts';
import { homeCountry } from '../homeCountry.ts';
import type { HomeNumbers } from '../lib/homeNumbers.ts';
import { type ContactField, contactText, contactTexts } from './contactText.ts';

/** Recognizes an address that was refused or came back, by a hash that does not reveal it. */
export interface AddressHasher {
  /**
   * `keyId:hash` by the current key; undefined if there is no key. The hash is the same for all ways to write
   * an address, and for all channels with the same kind of contact.
   */
  hash(channel: Channel, address: string): string | undefined;
  /** Whether an earlier hash is that of this address, by any key; false if its key is gone. */
  isOf(hash: string, channel: Channel, address: string): boolean;
}

const info = 'billcast refused address';

/**
 * HMAC-SHA-256 (RFC 2104) of contact and address. Its keys are derived from those of `CIPHER_KEYS` by
 * HKDF-SHA-256 (RFC 5869), so that a hash says nothing about a sealed value. Hashes by older keys are still
 * recognized.
 */
export function createAddressHasher(
  keys: readonly { readonly keyId: string; readonly key: Uint8Array }[],
  home: HomeNumbers | undefined = homeCountry.numbers,
): AddressHasher {
  const keyOf = new Map(keys.map(({ keyId, key }) => [keyId, deriveKey(key)]));
  const [current] = keyOf;
  return {
    hash(channel, address) {
      if (current === undefined) return undefined;
      const [keyId, key] = current;
      return hashBy(keyId, key, contactText(channels[channel].contact, address, home));
    },
    isOf(hash, channel, address) {
      const separator = hash.lastIndexOf(':');
      const key = keyOf.get(hash.slice(0, separator));
      if (key === undefined) return false;
      const known = Buffer.from(hash.slice(separator + 1), 'base64url');
      // The last of these is the form that 0.2 and earlier hashed.
      const texts = [...contactTexts(channels[channel].contact, address, home), `${channel}\n${address}`];
      return texts.some((text) => {
        const found = digest(key, text);
        return known.length === found.length && timingSafeEqual(known, found);
      });
    },
  };
}

/** All hashes of a contact, one per key, the current key first. Entries are looked up by them. */
export function contactHashes(
  keys: Parameters<typeof createAddressHasher>[0],
  contact: ContactField,
  address: string,
): string[] {
  const texts = contactTexts(contact, address);
  return keys.flatMap(({ keyId, key }) => {
    const derived = deriveKey(key);
    return texts.map((text) => hashBy(keyId, derived, text));
  });
}

/** A hasher whose keys can be changed. */
export interface RotatingHasher extends AddressHasher {
  setKeys(keys: Parameters<typeof createAddressHasher>[0]): void;
}

export function createRotatingHasher(keys: Parameters<typeof createAddressHasher>[0]): RotatingHasher {
  let current = createAddressHasher(keys);
  return {
    hash: (channel, address) => current.hash(channel, address),
    isOf: (hash, channel, address) => current.isOf(hash, channel, address),
    setKeys(later) {
      current = createAddressHasher(later);
    },
  };
}

function deriveKey(key: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', info, 32)));
}

function hashBy(keyId: string, key: KeyObject, text: string): string {
  return `${keyId}:${digest(key, text).toString('base64url')}`;
}

function digest(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
