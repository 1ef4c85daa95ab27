import { createCipheriv, randomBytes } from 'node:crypto';

/** As a system writes it whose values `examples/cipher/hexCipher.ts` opens. */
export function sealHex(text: string, key: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('hex');
}
