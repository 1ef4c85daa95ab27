import { isUtf8 } from 'node:buffer';
import { type Opened, refused } from './cipher.ts';

/**
 * The bytes of Base64, in which line breaks are allowed, or of a bytea as PostgreSQL prints it: `\x` and hex.
 */
export function decodeSealed(body: string): Buffer | undefined {
  return decodeBase64(body) ?? decodeBytea(body);
}

/** The bytes of a Base64 text, in which line breaks are allowed; undefined if it is none. */
export function decodeBase64(body: string): Buffer | undefined {
  return base64.test(body) ? Buffer.from(body, 'base64') : undefined;
}

/** Why a value that `decodeSealed` cannot read is not opened. */
export const notBase64 = refused('it is not Base64');

/** What was opened, as text; a wrong key that goes unnoticed elsewhere gives bytes that are no UTF-8. */
export function openedText(bytes: Buffer): Opened {
  const text = bytes.toString();
  // Only what could not be read becomes this character, unless the text has it itself.
  return !text.includes('\ufffd') || isUtf8(bytes) ? { kind: 'opened', text } : noText;
}

const noText = refused('it opens to something that is no text');

function decodeBytea(body: string): Buffer | undefined {
  return byteaHex.test(body) ? Buffer.from(body.slice(2), 'hex') : undefined;
}

// Buffer.from skips what it does not know, so a damaged value would go unnoticed. No two neighbours here
// match the same character: else a text of many blanks would take time that grows with the square of its
// length.
const base64 = /^[A-Za-z0-9+/\s]+(?:=\s*){0,2}$/;
const byteaHex = /^\\x(?:[0-9a-fA-F]{2})+$/;
