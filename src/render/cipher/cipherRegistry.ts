import { aesCbc } from './aesCbc.ts';
import { aesGcm } from './aesGcm.ts';
import type { Cipher } from './cipher.ts';
import { pgp } from './pgp/pgp.ts';
import { plain } from './plain.ts';

/**
 * The ciphers by their names in `CIPHER` and `CIPHER_FIELDS`. Another cipher is a new file and a line here;
 * no other code knows a cipher by its name.
 */
export const ciphers = {
  'aes-256-gcm': aesGcm,
  'aes-256-cbc': aesCbc,
  pgp,
  none: plain,
} as const satisfies Readonly<Record<string, Cipher>>;

type RegisteredName = keyof typeof ciphers;

/** `custom` is the cipher of `CIPHER_MODULE`. */
export type CipherName = RegisteredName | 'custom';

export const cipherNames = Object.keys(ciphers) as readonly RegisteredName[];

/** The cipher of that name; undefined for `custom` if no module is set. */
export function cipherOf(name: CipherName, custom: Cipher | undefined): Cipher | undefined {
  return name === 'custom' ? custom : ciphers[name];
}

/** The cipher of fields that the settings do not name. */
export const defaultCipher: CipherName = 'aes-256-gcm';
