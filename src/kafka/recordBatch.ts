import { type Compression, compressionNames, unpack } from './unpackBatch.ts';
import { UnpackedTooLarge } from './unpackedTooLarge.ts';

/*
 * A record batch of Kafka's format 2: a head of 61 bytes, then records, compressed or not.
 * https://kafka.apache.org/documentation/#recordbatch
 */

/** What one fetch of one broker may unpack to. A batch that is larger by itself is set aside unread. */
export const maxUnpackedBytes = 32 * 1024 * 1024;
/** kafkajs makes objects of about 1 KB per record. */
export const maxRecords = 100_000;
/** What is kept of a batch that is set aside, packed as it came: all of it, or nothing. */
export const maxKeptBytes = 8 * 1024 * 1024;

export const batchHeadBytes = 61;

/** What is left for the batches of a fetch to come. */
export interface FetchRoom {
  bytes: number;
  records: number;
}

export function fullRoom(): FetchRoom {
  return { bytes: maxUnpackedBytes, records: maxRecords };
}

/** A batch that is not read, in the place of its records. */
export interface UnreadBatch {
  readonly reason: 'BATCH_TOO_LARGE' | 'BATCH_UNREADABLE';
  readonly firstOffset: string;
  readonly lastOffset: string;
  readonly records: number;
  readonly compression: Compression | 'unknown';
  /** Of its records, packed as they came. */
  readonly bytes: number;
}

/** What we read of a kafkajs message; `key` and `value` are views of the whole fetch response. */
export interface FetchedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The batch that it stands for, if that was not read: see `boundFetches`. */
  readonly unread?: UnreadBatch;
}

/** What a batch says of itself. */
export interface BatchHead {
  readonly firstOffset: bigint;
  readonly lastOffset: bigint;
  /** With the head. */
  readonly bytes: number;
  readonly attributes: number;
  readonly firstTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly records: number;
}

/** What came of a batch. */
export type Unpacked =
  /** The same batch, not compressed. */
  | { readonly kind: 'plain'; readonly batch: Buffer }
  /** There is room for it in a fetch of its own. */
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

/** Takes the compression off a batch, and what it takes out of the room. Never rejects because of the batch. */
export async function unpackBatch(batch: Buffer, head: BatchHead, room: FetchRoom): Promise<Unpacked> {
  const compression = compressionNames[head.attributes & compressionMask];
  if (compression === undefined) return unread('BATCH_UNREADABLE', head);
  if (head.records > maxRecords) return unread('BATCH_TOO_LARGE', head);
  if (head.records > room.records) return { kind: 'later' };
  try {
    const packed = batch.subarray(batchHeadBytes);
    if (packed.length > room.bytes) throw new UnpackedTooLarge(room.bytes);
    const records = await unpack(compression, packed, room.bytes);
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

/** The same head over records that are not compressed. Its checksum is wrong now; nobody looks at it. */
function plainBatch(batch: Buffer, records: Buffer): Buffer {
  const plain = Buffer.concat([batch.subarray(0, batchHeadBytes), records]);
  plain.writeInt32BE(plain.length - 12, 8);
  plain.writeInt16BE(batch.readInt16BE(21) & ~compressionMask, 21);
  return plain;
}
