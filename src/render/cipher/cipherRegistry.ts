import { aesCbc } from './aesCbc.ts';
import { aesGcm } from './aesGcm.ts';
import type { Cipher } from './cipher.ts';
import { pgp } from './pgp/pgp.ts';
import { plain } from './plain.ts';

/**
 * The ciphers by the names that `CIPHER` and `CIPHER_FIELDS` take. A further cipher is a file and a line
 * here; no other code knows a cipher by its name.
 */
export const ciphers = {
  'aes-256-gcm': aesGcm,
  'aes-256-cbc': aesCbc,
  pgp,
  none: plain,
} as const satisfies Readonly<Record<string, Cipher>>;

type RegisteredName = keyof typeof ciphers;

/** `custom`: the one of `CIPHER_MODULE`. */
export type CipherName = RegisteredName | 'custom';

export const cipherNames = Object.keys(ciphers) as readonly RegisteredName[];

/** The cipher of that name; undefined if it is `custom` and there is none. */
export function cipherOf(name: CipherName, custom: Cipher | undefined): Cipher | undefined {
  return name === 'custom' ? custom : ciphers[name];
}

/** The cipher of fields for which the settings name none. */
export const defaultCipher: CipherName = 'aes-256-gcm';
