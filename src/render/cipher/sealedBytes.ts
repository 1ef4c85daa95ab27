import { isUtf8 } from 'node:buffer';
import { type Opened, refused } from './cipher.ts';

/**
 * The bytes of a Base64 text, which may have line breaks, or of a bytea as PostgreSQL prints it: `\x` and
 * hex.
 */
export function decodeSealed(body: string): Buffer | undefined {
  return decodeBase64(body) ?? decodeBytea(body);
}

/** The bytes of a Base64 text, which may have line breaks; undefined if it is not Base64. */
export function decodeBase64(body: string): Buffer | undefined {
  return base64.test(body) ? Buffer.from(body, 'base64') : undefined;
}

/** Why a value that `decodeSealed` cannot read is not opened. */
export const notBase64 = refused('it is not Base64');

/** The opened bytes as text. If a wrong key went unnoticed so far, the bytes are not UTF-8. */
export function openedText(bytes: Buffer): Opened {
  const text = bytes.toString();
  // This character stands for bytes that are not UTF-8, unless the text itself contains it.
  return !text.includes('\ufffd') || isUtf8(bytes) ? { kind: 'opened', text } : noText;
}

const noText = refused('it opens to something that is no text');

function decodeBytea(body: string): Buffer | undefined {
  return byteaHex.test(body) ? Buffer.from(body.slice(2), 'hex') : undefined;
}

// Checked, because Buffer.from skips unknown characters, so a damaged value would go unnoticed. No two
// neighbouring parts match the same character: otherwise a text of many spaces would take time that grows
// with the square of its length.
const base64 = /^[A-Za-z0-9+/\s]+(?:=\s*){0,2}$/;
const byteaHex = /^\\x(?:[0-9a-fA-F]{2})+$/;
