import { inflateRawSync, inflateSync } from 'node:zlib';
import { type Opened, type Refused, refused } from '../cipher.ts';
import { openedText } from '../sealedBytes.ts';
import { packetOf, packetTags, readPacket } from './packets.ts';
import { cutShort, damaged } from './pgpRefusals.ts';

/** The longest text that a compressed message may contain: a few bytes can stand for gigabytes of zeros. */
const maxInflatedBytes = 1_048_576;

/** The text of a deciphered message: one literal packet, or a compressed packet that holds one. */
export function readContent(content: Buffer): Opened {
  const packet = readPacket(content, 0);
  if (packet.kind === 'refused' || packet.end !== content.length) return damaged;
  if (packet.tag === packetTags.literal) return readLiteral(packet.body);
  if (packet.tag !== packetTags.compressed) return damaged;
  const inflated = inflate(packet.body);
  if ('kind' in inflated) return inflated;
  const literal = readPacket(inflated, 0);
  if (literal.kind === 'refused' || literal.tag !== packetTags.literal || literal.end !== inflated.length) {
    return damaged;
  }
  return readLiteral(literal.body);
}

/** A literal packet of UTF-8, without a file name and a date (RFC 4880, 5.9). */
export function literalOf(text: string): Buffer {
  return packetOf(
    packetTags.literal,
    Buffer.concat([Buffer.from([isUtf8, 0, 0, 0, 0, 0]), Buffer.from(text, 'utf8')]),
  );
}

const isUtf8 = 'u'.charCodeAt(0);
const formats: ReadonlySet<number> = new Set([...'btu'].map((format) => format.charCodeAt(0)));
const dateBytes = 4;

function readLiteral(body: Buffer): Opened {
  const [format, nameBytes] = [body[0], body[1]];
  if (format === undefined || nameBytes === undefined) return cutShort;
  if (!formats.has(format)) return damaged;
  const textStart = 2 + nameBytes + dateBytes;
  return textStart > body.length ? cutShort : openedText(body.subarray(textStart));
}

/** RFC 4880, 5.6 and 9.3. */
function inflate(body: Buffer): Buffer | Refused {
  const [algorithm, compressed] = [body[0], body.subarray(1)];
  try {
    switch (algorithm) {
      case undefined:
        return cutShort;
      case 0:
        return compressed;
      case 1:
        return inflateRawSync(compressed, { maxOutputLength: maxInflatedBytes });
      case 2:
        return inflateSync(compressed, { maxOutputLength: maxInflatedBytes });
      default:
        return refused(`its compression algorithm ${algorithm} is not supported`);
    }
  } catch (error) {
    return error instanceof RangeError ? refused('it is too large when decompressed') : damaged;
  }
}
