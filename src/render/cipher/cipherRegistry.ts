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

export type CipherName = keyof typeof ciphers;

export const cipherNames = Object.keys(ciphers) as readonly CipherName[];

/** The cipher of fields for which the settings name none. */
export const defaultCipher: CipherName = 'aes-256-gcm';
