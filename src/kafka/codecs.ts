import { promisify } from 'node:util';
import { gzip as gzipCallback, zstdCompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame } from 'lz4-napi';
import { compress as compressSnappy } from 'snappy';
import { boundFetches } from './boundedFetch.ts';
import { maxUnpackedBytes } from './recordBatch.ts';
import { type Compression, decompress, xerialMagic } from './unpackBatch.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/**
 * Adds lz4, snappy and zstd, which Java producers use, to kafkajs, and bounds what these and gzip unpack to.
 * May be called again.
 */
export function registerCodecs(): void {
  CompressionCodecs[CompressionTypes.GZIP] = () => gzip;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.Snappy] = () => snappy;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
  boundFetches();
}

/** A codec as kafkajs expects it; `compress` gets kafkajs's encoder, whose `buffer` holds the plain bytes. */
export interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  /** Called for formats before 2 only: `boundFetches` unpacks the others. */
  decompress(compressed: Buffer): Promise<Buffer>;
}

const toGzip = promisify(gzipCallback);
const toZstd = promisify(zstdCompress);

function createCodec(compression: Compression, compress: (plain: Buffer) => Promise<Buffer>): Codec {
  return {
    compress: ({ buffer }) => compress(buffer),
    decompress: (compressed) => decompress(compression, compressed, maxUnpackedBytes),
  };
}

const xerialVersions = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]);
const xerialBlockBytes = 32 * 1024;

async function compressXerial(plain: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [xerialMagic, xerialVersions];
  for (let start = 0; start < plain.length; start += xerialBlockBytes) {
    const block = await compressSnappy(plain.subarray(start, start + xerialBlockBytes));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

export const gzip = createCodec('gzip', toGzip);
export const lz4 = createCodec('lz4', compressFrame);
export const snappy = createCodec('snappy', compressXerial);
export const zstd = createCodec('zstd', toZstd);
