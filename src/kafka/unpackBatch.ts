import { promisify } from 'node:util';
import { unzip, zstdDecompress } from 'node:zlib';
import { decompressFrame } from 'lz4-napi';
import { uncompress as uncompressSnappy } from 'snappy';
import { checkLz4Size } from './lz4Size.ts';
import { UnpackedTooLarge } from './unpackedTooLarge.ts';

/** Kafka's compressions, by their number in a batch's attributes. */
export const compressionNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

export type Compression = (typeof compressionNames)[number];

/**
 * Decompresses the records of a batch, and stops at `maxBytes`: 2 KB of zstd can hold 64 MB.
 * @throws UnpackedTooLarge beyond the limit; any other error if the bytes are not of this compression
 */
export async function decompress(
  compression: Compression,
  packed: Buffer,
  maxBytes: number,
): Promise<Buffer> {
  switch (compression) {
    case 'none':
      return packed;
    case 'gzip':
      return await inflate(fromGzip, packed, maxBytes);
    case 'zstd':
      return await inflate(fromZstd, packed, maxBytes);
    case 'lz4':
      checkLz4Size(packed, maxBytes);
      return await decompressFrame(packed);
    case 'snappy':
      return await unpackSnappy(packed, maxBytes);
    default:
      return compression satisfies never;
  }
}

const fromGzip = promisify(unzip);
const fromZstd = promisify(zstdDecompress);

type Inflate = (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

async function inflate(run: Inflate, packed: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await run(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    throw hasCode(error, 'ERR_BUFFER_TOO_LARGE') ? new UnpackedTooLarge(maxBytes) : error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

// The framing of Java's snappy library, which Kafka uses: 8 bytes of magic, two versions of 4 bytes,
// then blocks, each with its length in 4 bytes, big-endian.
// https://github.com/xerial/snappy-java/blob/master/src/main/java/org/xerial/snappy/SnappyOutputStream.java
export const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = xerialMagic.length + 8;

async function unpackSnappy(packed: Buffer, maxBytes: number): Promise<Buffer> {
  const blocks: Buffer[] = [];
  let left = maxBytes;
  for (const block of blocksOf(packed)) {
    left -= snappySize(block);
    if (left < 0) throw new UnpackedTooLarge(maxBytes);
    const plain = await uncompressSnappy(block);
    blocks.push(typeof plain === 'string' ? Buffer.from(plain) : plain);
  }
  return Buffer.concat(blocks);
}

function blocksOf(packed: Buffer): Buffer[] {
  if (!packed.subarray(0, xerialMagic.length).equals(xerialMagic)) return [packed];
  const blocks: Buffer[] = [];
  for (let at = xerialHeaderBytes; at < packed.length; ) {
    const end = at + 4 + packed.readUInt32BE(at);
    if (end > packed.length) throw new RangeError('a snappy block ends beyond its record batch');
    blocks.push(packed.subarray(at + 4, end));
    at = end;
  }
  return blocks;
}

/** A snappy block begins with its size, as a varint of at most five bytes; the library enforces that size. */
function snappySize(block: Buffer): number {
  let size = 0;
  for (let index = 0; index < 5; index++) {
    const byte = block.readUInt8(index);
    size += (byte & 127) * 128 ** index;
    if (byte < 128) return size;
  }
  throw new RangeError('a snappy block does not begin with its size');
}
