import { isUtf8 } from 'node:buffer';
import { type Opened, refused } from './cipher.ts';

/** The bytes of a Base64 text, in which line breaks are allowed; undefined where it is none. */
export const decodeBase64 = (body: string): Buffer | undefined =>
  BASE64.test(body) ? Buffer.from(body, 'base64') : undefined;

/** What was opened, as text; a wrong key that goes unnoticed elsewhere gives bytes that are no UTF-8. */
export const asOpenedText = (bytes: Buffer): Opened =>
  isUtf8(bytes)
    ? { kind: 'opened', text: bytes.toString('utf8') }
    : refused('it opens to something that is no text');

// Buffer.from skips what it does not know, so a damaged value would go unnoticed. No two neighbours here match the
// same character: else a text of many blanks would take time that grows with the square of its length.
const BASE64 = /^[A-Za-z0-9+/\s]+(?:=\s*){0,2}$/;
