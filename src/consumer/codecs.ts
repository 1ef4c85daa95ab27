import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';
import { compress as compressSnappy, uncompress as uncompressSnappy } from 'snappy';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** Teaches kafkajs lz4, snappy and zstd, which Java producers use; gzip it knows itself. May be called again. */
export const registerCodecs = (): void => {
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.Snappy] = () => snappy;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
};

/** What kafkajs asks of a codec; `compress` gets kafkajs's encoder, whose `buffer` is the plain bytes. */
export interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(compressed: Buffer): Promise<Buffer>;
}

const toZstd = promisify(zstdCompress);
const fromZstd = promisify(zstdDecompress);

export const lz4: Codec = {
  compress: ({ buffer }) => compressFrame(buffer),
  decompress: (compressed) => decompressFrame(compressed),
};

export const zstd: Codec = {
  compress: ({ buffer }) => toZstd(buffer),
  decompress: (compressed) => fromZstd(compressed),
};

export const snappy: Codec = {
  compress: ({ buffer }) => compressXerial(buffer),
  decompress: async (compressed) =>
    compressed.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)
      ? decompressXerial(compressed)
      : plainBlock(compressed),
};

// The framing of Java's snappy library, which Kafka made its own: 8 bytes of magic, two versions of 4 bytes,
// then blocks, each with its length in 4 bytes, big-endian.
// https://github.com/xerial/snappy-java/blob/master/src/main/java/org/xerial/snappy/SnappyOutputStream.java
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_VERSIONS = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]);
const XERIAL_HEADER_BYTES = XERIAL_MAGIC.length + XERIAL_VERSIONS.length;
const XERIAL_BLOCK_BYTES = 32 * 1024;

const compressXerial = async (plain: Buffer): Promise<Buffer> => {
  const parts: Buffer[] = [XERIAL_MAGIC, XERIAL_VERSIONS];
  for (let start = 0; start < plain.length; start += XERIAL_BLOCK_BYTES) {
    const block = await compressSnappy(plain.subarray(start, start + XERIAL_BLOCK_BYTES));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
};

const decompressXerial = async (framed: Buffer): Promise<Buffer> => {
  const blocks: Buffer[] = [];
  let at = XERIAL_HEADER_BYTES;
  while (at < framed.length) {
    const end = at + 4 + framed.readUInt32BE(at);
    if (end > framed.length) throw new RangeError('a snappy block ends beyond its record batch');
    blocks.push(await plainBlock(framed.subarray(at + 4, end)));
    at = end;
  }
  return Buffer.concat(blocks);
};

const plainBlock = async (block: Buffer): Promise<Buffer> => {
  const plain = await uncompressSnappy(block);
  return typeof plain === 'string' ? Buffer.from(plain) : plain;
};
