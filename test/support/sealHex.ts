import { createCipheriv, randomBytes } from 'node:crypto';

/** Seals a value in the form that `examples/cipher/hexCipher.ts` opens. */
export function sealHex(text: string, key: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('hex');
}
