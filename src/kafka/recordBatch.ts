import { type Compression, compressionNames, decompress } from './unpackBatch.ts';
import { UnpackedTooLarge } from './unpackedTooLarge.ts';

/*
 * A record batch of Kafka's format 2: a head of 61 bytes, then records, compressed or not.
 * https://kafka.apache.org/documentation/#recordbatch
 */

/** The most that one fetch from one broker may unpack to. A single larger batch is quarantined unread. */
export const maxUnpackedBytes = 32 * 1024 * 1024;
/** kafkajs creates objects of about 1 KB per record. */
export const maxRecords = 100_000;
/** A quarantined batch up to this size is kept, packed as it came; a larger one is not. */
export const maxKeptBytes = 8 * 1024 * 1024;

export const batchHeadBytes = 61;

/** What is left for the next batches of a fetch. */
export interface FetchRoom {
  bytes: number;
  records: number;
}

export function fullRoom(): FetchRoom {
  return { bytes: maxUnpackedBytes, records: maxRecords };
}

/** A batch that was not read, in place of its records. */
export interface UnreadBatch {
  readonly reason: 'BATCH_TOO_LARGE' | 'BATCH_UNREADABLE';
  readonly firstOffset: string;
  readonly lastOffset: string;
  readonly records: number;
  readonly compression: Compression | 'unknown';
  /** The packed size of its records, in bytes. */
  readonly bytes: number;
}

/** What we read of a kafkajs message; `key` and `value` are views of the whole fetch response. */
export interface FetchedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The batch that it stands for, if that batch was not read: see `boundFetches`. */
  readonly unread?: UnreadBatch;
}

/** The head of a batch. */
export interface BatchHead {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  /** The size of head and records. */
  readonly bytes: number;
  readonly attributes: number;
  readonly firstTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly records: number;
}

/** The result of unpacking a batch. */
export type Unpacked =
  /** The same batch, uncompressed. */
  | { readonly kind: 'plain'; readonly batch: Buffer }
  /** No room in this fetch, but in the next one. */
  | { readonly kind: 'later' }
  | { readonly kind: 'unread'; readonly unread: UnreadBatch };

/** @returns undefined if the bytes are not a whole batch */
export function readBatchHead(bytes: Buffer, at: number): BatchHead | undefined {
  if (at + batchHeadBytes > bytes.length) return undefined;
  const size = 12 + bytes.readInt32BE(at + 8);
  if (size < batchHeadBytes || at + size > bytes.length) return undefined;
  const firstOffset = bytes.readBigInt64BE(at);
  return {
    firstOffset,
    lastOffset: firstOffset + BigInt(bytes.readInt32BE(at + 23)),
    bytes: size,
    attributes: bytes.readInt16BE(at + 21),
    firstTimestamp: bytes.readBigInt64BE(at + 27),
    maxTimestamp: bytes.readBigInt64BE(at + 35),
    producerId: bytes.readBigInt64BE(at + 43),
    records: bytes.readInt32BE(at + 57),
  };
}

/** Decompresses a batch, and subtracts its size from the room. Never rejects because of the batch. */
export async function unpackBatch(batch: Buffer, head: BatchHead, room: FetchRoom): Promise<Unpacked> {
  const compression = compressionNames[head.attributes & compressionMask];
  if (compression === undefined) return unread('BATCH_UNREADABLE', head);
  if (head.records > maxRecords) return unread('BATCH_TOO_LARGE', head);
  if (head.records > room.records) return { kind: 'later' };
  try {
    const packed = batch.subarray(batchHeadBytes);
    if (packed.length > room.bytes) throw new UnpackedTooLarge(room.bytes);
    const records = await decompress(compression, packed, room.bytes);
    room.bytes -= records.length;
    room.records -= head.records;
    return { kind: 'plain', batch: compression === 'none' ? batch : plainBatch(batch, records) };
  } catch (error) {
    if (!(error instanceof UnpackedTooLarge)) return unread('BATCH_UNREADABLE', head);
    return room.bytes < maxUnpackedBytes ? { kind: 'later' } : unread('BATCH_TOO_LARGE', head);
  }
}

export function unread(
  reason: UnreadBatch['reason'],
  head: BatchHead,
): Extract<Unpacked, { kind: 'unread' }> {
  return {
    kind: 'unread',
    unread: {
      reason,
      firstOffset: String(head.firstOffset),
      lastOffset: String(head.lastOffset),
      records: head.records,
      compression: compressionNames[head.attributes & compressionMask] ?? 'unknown',
      bytes: head.bytes - batchHeadBytes,
    },
  };
}

const compressionMask = 7;

/** The same head with uncompressed records. Its checksum is wrong then; nobody checks it. */
function plainBatch(batch: Buffer, records: Buffer): Buffer {
  const plain = Buffer.concat([batch.subarray(0, batchHeadBytes), records]);
  plain.writeInt32BE(plain.length - 12, 8);
  plain.writeInt16BE(batch.readInt16BE(21) & ~compressionMask, 21);
  return plain;
}
