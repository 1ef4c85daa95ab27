import { decodeBase64 } from '../sealedBytes.ts';

/**
 * The bytes of a message in one of the forms that are used with PostgreSQL's pgcrypto: `encode(...,
 * 'base64')`, `armor(...)`, `encode(..., 'hex')`, and a bytea as text (`\x` and hex digits); undefined if it
 * is in none of them.
 */
export function decodeMessage(value: string): Buffer | undefined {
  if (value.startsWith(armorHead)) return decodeArmor(value);
  return hex.test(value) ? Buffer.from(value.replace('\\x', ''), 'hex') : decodeBase64(value);
}

/**
 * Whether a value is, by its beginning, a message that was sealed with a passphrase, in any of these forms.
 */
export function looksLikePgp(value: string): boolean {
  return value.length >= shortestMessage && message.test(value);
}

const armorHead = '-----BEGIN PGP MESSAGE-----';
const armorTail = '-----END PGP MESSAGE-----';

/** Any message is longer than this: it has the heads of two packets and the random prefix. */
const shortestMessage = 40;

/**
 * Hex digits alone could be Base64 too, but Base64 that begins with C3 or 8C is not the head of a session key
 * packet.
 */
const hex = /^(?:\\x(?:[0-9a-fA-F]{2})+|(?:[cC]3|8[cC])(?:[0-9a-fA-F]{2})+)$/;

/**
 * The head of a session key packet (RFC 4880, 5.3) is C3 or 8C, a length below 64, and version 04. So in
 * Base64 its first and its last letters are always these.
 */
const message =
  /^(?:-----BEGIN PGP MESSAGE|\\x(?:c3|8c)..04|(?:c3|8c)..04[0-9a-f]+$|(?:w[w-z]|j[A-D]).E[A-Za-z0-9+/=\r\n]+$)/;

/**
 * RFC 4880, 6.2: head, header lines, an empty line, Base64, and perhaps a checksum. The checksum is ignored
 * because it proves nothing (RFC 9580, 6.1); the message contains its own proof.
 */
function decodeArmor(value: string): Buffer | undefined {
  const lines = value.split('\n').map((line) => line.trimEnd());
  const bodyStart = lines.indexOf('') + 1;
  const bodyEnd = lines.indexOf(armorTail);
  if (lines[0] !== armorHead || bodyStart === 0 || bodyEnd === -1) return undefined;
  const body = lines.slice(bodyStart, bodyEnd).filter((line) => !checksum.test(line));
  return decodeBase64(body.join(''));
}

const checksum = /^=[A-Za-z0-9+/]{4}$/;
