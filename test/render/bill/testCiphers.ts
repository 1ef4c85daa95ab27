import { randomBytes } from 'node:crypto';
import type { CipherOptions } from '../../../src/render/cipher/fieldCiphers.ts';

/** Settings with one fresh key `k1`, or with what is given instead. */
export function testCipherOptions(settings: Partial<CipherOptions> = {}): CipherOptions {
  return {
    fallback: 'aes-256-gcm',
    fields: {},
    keys: [{ keyId: 'k1', key: randomBytes(32) }],
    accept: ['v2', 'v1', 'c1'],
    pgp: {},
    ...settings,
  };
}
