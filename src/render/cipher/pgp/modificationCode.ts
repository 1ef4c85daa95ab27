import { createHash, timingSafeEqual } from 'node:crypto';
import type { Deciphered } from './cfb.ts';

/**
 * The content before the modification detection code; undefined if the code does not match it. The code is
 * the SHA-1 of everything before it, including the prefix and the code's own header (RFC 4880, 5.13 and
 * 5.14).
 */
export function withoutCode({ prefix, content }: Deciphered): Buffer | undefined {
  const codeStart = content.length - codeBytes;
  const text = content.subarray(0, Math.max(0, codeStart - codeHeader.length));
  if (!content.subarray(text.length, codeStart).equals(codeHeader)) return undefined;
  return timingSafeEqual(codeOf(prefix, text), content.subarray(codeStart)) ? text : undefined;
}

/** The content, followed by its code. */
export function withCode(prefix: Buffer, content: Buffer): Buffer {
  return Buffer.concat([content, codeHeader, codeOf(prefix, content)]);
}

/** Tag 19 and the length of the code. No other form is allowed. */
const codeHeader = Buffer.from([0xd3, 0x14]);
const codeBytes = 20;

function codeOf(prefix: Buffer, content: Buffer): Buffer {
  return createHash('sha1').update(prefix).update(content).update(codeHeader).digest();
}
