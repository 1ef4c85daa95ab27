import { gzip, lz4, snappy, zstd } from '../../../src/kafka/codecs.ts';
import type { Compression } from '../../../src/kafka/unpackBatch.ts';
import { compressionNames } from '../../../src/kafka/unpackBatch.ts';

/*
 * Record batches of Kafka's format 2, byte by byte: https://kafka.apache.org/documentation/#recordbatch
 */

export interface BatchOptions {
  readonly firstOffset?: number;
  readonly values: readonly Buffer[];
  readonly compression?: Compression;
  /** Bytes that replace the records, compressed or not. */
  readonly packed?: Buffer;
  readonly attributes?: number;
  /** Replaces the number of values. */
  readonly records?: number;
}

export const batchTimestampMs = 1_795_456_193_970;

export async function recordBatch(options: BatchOptions): Promise<Buffer> {
  const { firstOffset = 0, values, compression = 'none', attributes = 0 } = options;
  const plain = Buffer.concat(values.map(recordOf));
  const packed = options.packed ?? (await packers[compression](plain));
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(firstOffset), 0);
  head.writeInt32BE(49 + packed.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(attributes | compressionNames.indexOf(compression), 21);
  head.writeInt32BE((options.records ?? values.length) - 1, 23);
  head.writeBigInt64BE(BigInt(batchTimestampMs), 27);
  head.writeBigInt64BE(BigInt(batchTimestampMs), 35);
  head.writeBigInt64BE(-1n, 43);
  head.writeInt32BE(options.records ?? values.length, 57);
  return Buffer.concat([head, packed]);
}

const packers: Readonly<Record<Compression, (plain: Buffer) => Promise<Buffer>>> = {
  none: async (plain) => plain,
  gzip: (buffer) => gzip.compress({ buffer }),
  snappy: (buffer) => snappy.compress({ buffer }),
  lz4: (buffer) => lz4.compress({ buffer }),
  zstd: (buffer) => zstd.compress({ buffer }),
};

/** A record without a key and headers, made when the batch was. */
function recordOf(value: Buffer, index: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0, 0]),
    varint(index),
    varint(-1),
    varint(value.length),
    value,
    varint(0),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

/** Zigzag, seven bits per byte. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  bytes.push(left);
  return Buffer.from(bytes);
}
