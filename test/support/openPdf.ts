import assert from 'node:assert/strict';
import { createDecipheriv, createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';

/**
 * What the packed streams of a PDF hold, in order: pages, fonts. It must be whole: its table has to name each
 * object where it stands. One that is encrypted (AES-256, ISO 32000 extension level 3) must open by the
 * password.
 */
export function openPdf(pdf: Buffer, password?: string): Buffer[] {
  const text = pdf.toString('latin1');
  assert.match(text, /^%PDF-1\.\d/);
  const [, start] = /startxref\n(\d+)\n%%EOF\n$/.exec(text) ?? [];
  const [, rows = '', trailer = ''] = /^xref\n([^t]*)trailer\n(.*)/s.exec(text.slice(Number(start))) ?? [];
  const places = [...rows.matchAll(/^(\d{10}) \d{5} n/gm)].map(([, place]) => Number(place));
  assert.ok(places.length > 5, 'it has its objects');
  for (const [index, place] of places.entries()) assert.ok(text.startsWith(`${index + 1} 0 obj\n`, place));
  const [, encrypted] = /\/Encrypt (\d+) 0 R/.exec(trailer) ?? [];
  assert.equal(encrypted !== undefined, password !== undefined, 'it has a password if it should');
  const key = password === undefined ? undefined : keyOf(text.slice(places[Number(encrypted) - 1]), password);
  return places.flatMap((place) => streamAt(pdf, text, place, key) ?? []);
}

/** The key of the file, which the user's password opens. */
function keyOf(dictionary: string, password: string): Buffer {
  const hash = (salt: Buffer) => createHash('sha256').update(password).update(salt).digest();
  const user = bytesNamed(dictionary, 'U');
  assert.deepEqual(hash(user.subarray(32, 40)), user.subarray(0, 32), 'the password is right');
  const cipher = createDecipheriv('aes-256-cbc', hash(user.subarray(40, 48)), Buffer.alloc(16));
  return cipher.setAutoPadding(false).update(bytesNamed(dictionary, 'UE'));
}

function bytesNamed(dictionary: string, name: string): Buffer {
  const [, hex = ''] = new RegExp(`/${name} <([0-9a-f]+)>`).exec(dictionary) ?? [];
  return Buffer.from(hex, 'hex');
}

function streamAt(pdf: Buffer, text: string, place: number, key: Buffer | undefined): Buffer | undefined {
  const end = text.indexOf('endobj', place);
  const begin = text.indexOf('\nstream\n', place) + '\nstream\n'.length;
  if (begin > end || begin < place) return undefined;
  const head = text.slice(place, begin);
  if (!head.includes('/FlateDecode')) return undefined;
  const bytes = pdf.subarray(begin, begin + Number(/\/Length (\d+)/.exec(head)?.[1]));
  return inflateSync(key === undefined ? bytes : decrypted(bytes, key));
}

function decrypted(bytes: Buffer, key: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-cbc', key, bytes.subarray(0, 16));
  return Buffer.concat([cipher.update(bytes.subarray(16)), cipher.final()]);
}
