import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { homeCountry } from '../homeCountry.ts';
import type { HomeNumbers } from '../lib/homeNumbers.ts';
import { type ContactField, contactText, contactTexts } from './contactText.ts';

/** Hashes of contacts: a member is found by them, and they reveal nothing. */
export interface ContactHasher {
  /** 16 bytes, by the current key. All ways to write the same contact have the same hash. */
  hash(contact: ContactField, text: string): Buffer;
  /**
   * The hashes of all `contactTexts` by all keys, the current key first: some members are not hashed anew
   * yet.
   */
  hashes(contact: ContactField, text: string): Buffer[];
}

const info = 'billcast contact search';
const hashBytes = 16;

/**
 * HMAC-SHA-256 (RFC 2104), cut to 16 bytes. Its keys are derived from those of `CIPHER_KEYS` by HKDF-SHA-256
 * (RFC 5869) for this use only.
 * @returns undefined if there is no key
 */
export function createContactHasher(
  keys: readonly { readonly key: Uint8Array }[],
  home: HomeNumbers | undefined = homeCountry.numbers,
): ContactHasher | undefined {
  const derived = keys.map(({ key }) => createSecretKey(Buffer.from(hkdfSync('sha256', key, '', info, 32))));
  const [current] = derived;
  if (current === undefined) return undefined;
  const digest = (key: KeyObject, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest().subarray(0, hashBytes);
  return {
    hash: (contact, text) => digest(current, contactText(contact, text, home)),
    hashes(contact, text) {
      const texts = contactTexts(contact, text, home);
      return derived.flatMap((key) => texts.map((one) => digest(key, one)));
    },
  };
}
