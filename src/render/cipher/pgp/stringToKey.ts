import { type Refused, refused } from '../cipher.ts';
import { hashOf } from './algorithms.ts';
import { cutShort } from './pgpRefusals.ts';

/** How a passphrase becomes a key (RFC 4880, 3.7.1). */
export interface StringToKey {
  readonly kind: 'stringToKey';
  /** The hash's name in `node:crypto`. */
  readonly hash: string;
  /** Empty for the simple kind. */
  readonly salt: Buffer;
  /** How many bytes of salt and passphrase are hashed, over and over; at least both of them once. */
  readonly hashedBytes: number;
  /** Where the specifier ends in the bytes it was read from. */
  readonly end: number;
}

/** Reads a specifier: simple (0), salted (1), or iterated and salted (3). */
export function readStringToKey(bytes: Buffer, start: number): StringToKey | Refused {
  const [type, hashNumber] = [bytes[start], bytes[start + 1]];
  if (type === undefined || hashNumber === undefined) return cutShort;
  const specifierBytes = specifierSizes.get(type);
  if (specifierBytes === undefined) return refused(`its string-to-key specifier ${type} is not supported`);
  const end = start + specifierBytes;
  if (end > bytes.length) return cutShort;
  const hash = hashOf(hashNumber);
  if (hash === undefined) return refused(`its hash algorithm ${hashNumber} is not supported`);
  const salt = type === 0 ? bytes.subarray(0, 0) : bytes.subarray(start + 2, start + 2 + saltBytes);
  const hashedBytes = type === 3 ? iterationsOf(bytes.readUInt8(end - 1)) : 0;
  return { kind: 'stringToKey', hash, salt, hashedBytes, end };
}

/** The count that an octet stands for: 1,024 to 65,011,712 (RFC 4880, 3.7.1.3). */
export function iterationsOf(coded: number): number {
  return (16 + (coded & 15)) << ((coded >> 4) + 6);
}

export const saltBytes = 8;

const specifierSizes: ReadonlyMap<number, number> = new Map([
  [0, 2],
  [1, 2 + saltBytes],
  [3, 2 + saltBytes + 1],
]);
