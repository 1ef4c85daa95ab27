import { inflateRawSync, inflateSync } from 'node:zlib';
import { type Opened, type Refused, refused } from '../cipher.ts';
import { openedText } from '../sealedBytes.ts';
import { packetOf, readPacket, TAG } from './packets.ts';
import { cutShort, damaged } from './why.ts';

/** The longest text that a compressed message may hold: a few bytes of zeros can stand for gigabytes. */
export const MAX_INFLATED_BYTES = 1_048_576;

/** The text of a deciphered message: one literal packet, or a compressed packet that holds one. */
export const readContent = (content: Buffer): Opened => {
  const packet = readPacket(content, 0);
  if (packet.kind === 'refused' || packet.end !== content.length) return damaged;
  if (packet.tag === TAG.literal) return readLiteral(packet.body);
  if (packet.tag !== TAG.compressed) return damaged;
  const inflated = inflate(packet.body);
  if ('kind' in inflated) return inflated;
  const literal = readPacket(inflated, 0);
  if (literal.kind === 'refused' || literal.tag !== TAG.literal || literal.end !== inflated.length)
    return damaged;
  return readLiteral(literal.body);
};

/** A literal packet of UTF-8, without a file name and a date (RFC 4880, 5.9). */
export const literalOf = (text: string): Buffer =>
  packetOf(TAG.literal, Buffer.concat([Buffer.from([IS_UTF8, 0, 0, 0, 0, 0]), Buffer.from(text, 'utf8')]));

const IS_UTF8 = 'u'.charCodeAt(0);
const FORMATS: ReadonlySet<number> = new Set([...'btu'].map((format) => format.charCodeAt(0)));
const DATE_BYTES = 4;

const readLiteral = (body: Buffer): Opened => {
  const [format, nameBytes] = [body[0], body[1]];
  if (format === undefined || nameBytes === undefined) return cutShort;
  if (!FORMATS.has(format)) return damaged;
  const textStart = 2 + nameBytes + DATE_BYTES;
  return textStart > body.length ? cutShort : openedText(body.subarray(textStart));
};

/** RFC 4880, 5.6 and 9.3. */
const inflate = (body: Buffer): Buffer | Refused => {
  const [algorithm, compressed] = [body[0], body.subarray(1)];
  try {
    switch (algorithm) {
      case undefined:
        return cutShort;
      case 0:
        return compressed;
      case 1:
        return inflateRawSync(compressed, { maxOutputLength: MAX_INFLATED_BYTES });
      case 2:
        return inflateSync(compressed, { maxOutputLength: MAX_INFLATED_BYTES });
      default:
        return refused(`its compression algorithm ${algorithm} is not supported`);
    }
  } catch (error) {
    return error instanceof RangeError ? refused('it is too large when decompressed') : damaged;
  }
};
