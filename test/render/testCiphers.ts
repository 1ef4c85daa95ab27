import { randomBytes } from 'node:crypto';
import type { CipherSettings } from '../../src/render/cipher/fieldCiphers.ts';

/** Settings with one fresh key `k1`, or with what is given instead. */
export const testCipherSettings = (settings: Partial<CipherSettings> = {}): CipherSettings => ({
  fallback: 'aes-256-gcm',
  fields: {},
  keys: [{ keyId: 'k1', key: randomBytes(32) }],
  accept: ['v2', 'v1', 'c1'],
  pgp: {},
  ...settings,
});
