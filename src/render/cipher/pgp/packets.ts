import type { Refused } from '../cipher.ts';
import { cutShort, notPgp } from './pgpRefusals.ts';

/** The kinds of packets that a message sealed by a passphrase is made of (RFC 4880, 4.3). */
export const packetTags = {
  sessionKey: 3,
  compressed: 8,
  unprotected: 9,
  marker: 10,
  literal: 11,
  protected: 18,
} as const;

export interface Packet {
  readonly kind: 'packet';
  readonly tag: number;
  readonly body: Buffer;
  /** Where the next packet starts. */
  readonly end: number;
}

/** Reads the packet at `start`, with a header of either format (RFC 4880, 4.2). */
export function readPacket(bytes: Buffer, start: number): Packet | Refused {
  const header = bytes[start];
  if (header === undefined) return cutShort;
  if ((header & isPacket) === 0) return notPgp;
  const isNew = (header & isNewFormat) !== 0;
  const read = isNew ? readNewBody(bytes, start + 1) : readOldBody(bytes, start + 1, header & 3);
  if (read === undefined) return cutShort;
  return { kind: 'packet', tag: isNew ? header & 63 : (header >> 2) & 15, ...read };
}

/** A packet with a header of the new format. Its length takes five octets, or one if that is enough. */
export function packetOf(tag: number, body: Buffer): Buffer {
  if (body.length < 192) {
    return Buffer.concat([Buffer.from([isPacket | isNewFormat | tag, body.length]), body]);
  }
  const header = Buffer.from([isPacket | isNewFormat | tag, 255, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

const isPacket = 0x80;
const isNewFormat = 0x40;

interface Body {
  readonly body: Buffer;
  readonly end: number;
}

/** RFC 4880, 4.2.1; `lengthType` 3 means up to the end. */
function readOldBody(bytes: Buffer, at: number, lengthType: number): Body | undefined {
  if (lengthType === 3) return { body: bytes.subarray(at), end: bytes.length };
  const octets = 1 << lengthType;
  if (at + octets > bytes.length) return undefined;
  const start = at + octets;
  const end = start + bytes.readUIntBE(at, octets);
  return end > bytes.length ? undefined : { body: bytes.subarray(start, end), end };
}

/** RFC 4880, 4.2.2: one length, or several parts, each with its own. */
function readNewBody(bytes: Buffer, at: number): Body | undefined {
  const parts: Buffer[] = [];
  for (let next = at; ; ) {
    const length = readNewLength(bytes, next);
    if (length === undefined) return undefined;
    const start = next + length.octets;
    const end = start + length.bytes;
    if (end > bytes.length) return undefined;
    parts.push(bytes.subarray(start, end));
    if (!length.isPartial) return { body: Buffer.concat(parts), end };
    next = end;
  }
}

interface NewLength {
  /** The number of octets of the length itself. */
  readonly octets: number;
  readonly bytes: number;
  readonly isPartial: boolean;
}

function readNewLength(bytes: Buffer, at: number): NewLength | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 192) return { octets: 1, bytes: first, isPartial: false };
  if (first >= 224 && first < 255) return { octets: 1, bytes: 2 ** (first & 31), isPartial: true };
  const octets = first < 224 ? 2 : 5;
  if (at + octets > bytes.length) return undefined;
  const length =
    octets === 5 ? bytes.readUInt32BE(at + 1) : ((first - 192) << 8) + bytes.readUInt8(at + 1) + 192;
  return { octets, bytes: length, isPartial: false };
}
