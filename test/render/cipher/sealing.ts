import { createCipheriv, createHmac, randomBytes } from 'node:crypto';

/**
 * Seals as CONTRACT and docs/ciphers.md say, out of primitives: another implementation than the product's.
 */
export interface Sealing {
  readonly keyId: string;
  readonly key: Uint8Array;
}

export function sealV2({ keyId, key }: Sealing, place: readonly [string, string], text: string): string {
  const bound = ['billcast', 'v2', ...place].join('|');
  return `v2:${keyId}:${gcm(hkdf(key, 'billcast v2 gcm'), text, bound).toString('base64')}`;
}

export function sealV1({ keyId, key }: Sealing, text: string): string {
  return `v1:${keyId}:${gcm(key, text).toString('base64')}`;
}

export function sealC1({ keyId, key }: Sealing, text: string): string {
  return `c1:${keyId}:${cbc(key, Buffer.from(text, 'utf8')).toString('base64')}`;
}

export function gcm(key: Uint8Array, text: string, bound?: string): Buffer {
  const iv = randomBytes(12);
  const sealing = createCipheriv('aes-256-gcm', key, iv);
  if (bound !== undefined) {
    sealing.setAAD(Buffer.from(bound));
  }
  return Buffer.concat([iv, sealing.update(text, 'utf8'), sealing.final(), sealing.getAuthTag()]);
}

export function cbc(key: Uint8Array, bytes: Uint8Array): Buffer {
  const iv = randomBytes(16);
  const sealing = createCipheriv('aes-256-cbc', key, iv);
  return Buffer.concat([iv, sealing.update(bytes), sealing.final()]);
}

/** RFC 5869 with an empty salt, for 32 bytes: one round of each step. */
function hkdf(key: Uint8Array, info: string): Buffer {
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(key).digest();
  return createHmac('sha256', extracted)
    .update(info)
    .update(Buffer.from([1]))
    .digest();
}
