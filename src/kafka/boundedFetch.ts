import { createRequire } from 'node:module';
import {
  type BatchHead,
  batchHeadBytes,
  type FetchedMessage,
  type FetchRoom,
  fullRoom,
  maxKeptBytes,
  readBatchHead,
  type UnreadBatch,
  unpackBatch,
  unread,
} from './recordBatch.ts';

/*
 * kafkajs 2.2.4 unpacks everything in a fetch, without a limit, and a batch that cannot be unpacked fails the
 * fetch for ever. Here the records of one fetch are bounded. A batch that is too large or unreadable becomes
 * one record at its last offset: a poison record like any other, so that nothing is lost silently and nothing
 * loops. kafkajs is pinned to this version, and a test on a real broker fails if this patch does not work.
 */

/** Patches kafkajs to bound what a fetch unpacks to. May be called again. */
export function boundFetches(): void {
  if (isPatched) return;
  isPatched = true;
  const load = createRequire(import.meta.url);
  const file = load.resolve(`${fetchFolder}/v4/decodeMessages.js`);
  const decodeOldMessages: DecodeMessages = load(file);
  const { [file]: module } = load.cache;
  if (module === undefined) {
    throw new Error('kafkajs cannot be patched: its files are not loaded as modules');
  }
  const decodeBatch: DecodeBatch = load('kafkajs/src/protocol/recordBatch/v0/decoder.js');
  const Decoder: DecoderClass = load('kafkajs/src/protocol/decoder.js');
  module.exports = createDecodeMessages({
    decodeOldMessages,
    decodeBatch: (batch) => decodeBatch(new Decoder(batch)),
  });
  // kafkajs may have loaded versions with the old function: they are loaded again.
  for (const version of versions) {
    Reflect.deleteProperty(load.cache, load.resolve(`${fetchFolder}/v${version}/response.js`));
  }
}

let isPatched = false;
const fetchFolder = 'kafkajs/src/protocol/requests/fetch';
const versions = [4, 5, 6, 7, 8, 9, 10, 11];

/** A reader over the answer to a fetch; all partitions share it. */
export interface AnswerReader {
  readonly buffer: Buffer;
  offset: number;
}

type DecodeMessages = (answer: AnswerReader) => Promise<FetchedMessage[]>;
type DecoderClass = new (buffer: Buffer) => AnswerReader;
type DecodeBatch = (reader: AnswerReader) => Promise<{ readonly records: FetchedMessage[] }>;

export interface DecodeDeps {
  /** kafkajs's function for all formats; used for those before format 2. */
  readonly decodeOldMessages: DecodeMessages;
  /** kafkajs's function for one batch of format 2; here it is never compressed. */
  readonly decodeBatch: (batch: Buffer) => Promise<{ readonly records: FetchedMessage[] }>;
}

/** Creates the function that reads the records of one partition from an answer. */
function createDecodeMessages({ decodeOldMessages, decodeBatch }: DecodeDeps): DecodeMessages {
  const rooms = new WeakMap<AnswerReader, FetchRoom>();
  return async (answer) => {
    const size = Math.max(0, answer.buffer.readInt32BE(answer.offset));
    const start = answer.offset + 4;
    if (size > magicAt && answer.buffer.readInt8(start + magicAt) !== format2) {
      return decodeOldMessages(answer);
    }
    answer.offset = start + size;
    const room = rooms.get(answer) ?? fullRoom();
    rooms.set(answer, room);
    return decodeAll(answer.buffer.subarray(start, start + size), room, decodeBatch);
  };
}

const magicAt = 16;
const format2 = 2;

/** Ends at a batch that has no room or is cut off: kafkajs fetches from there again. */
async function decodeAll(
  bytes: Buffer,
  room: FetchRoom,
  decodeBatch: DecodeDeps['decodeBatch'],
): Promise<FetchedMessage[]> {
  const parts: FetchedMessage[][] = [];
  for (let at = 0, head = readBatchHead(bytes, 0); head !== undefined; head = readBatchHead(bytes, at)) {
    const batch = bytes.subarray(at, at + head.bytes);
    at += head.bytes;
    const unpacked = await unpackBatch(batch, head, room);
    if (unpacked.kind === 'later') break;
    parts.push(
      unpacked.kind === 'unread'
        ? [standIn(batch, head, unpacked.unread)]
        : await recordsOf(batch, head, decodeBatch(unpacked.batch)),
    );
  }
  return parts.flat();
}

function recordsOf(
  batch: Buffer,
  head: BatchHead,
  decoding: Promise<{ readonly records: FetchedMessage[] }>,
): Promise<FetchedMessage[]> {
  return decoding.then(
    ({ records }) => records,
    () => [standIn(batch, head, unread('BATCH_UNREADABLE', head).unread)],
  );
}

/**
 * One record in place of all records of a batch. It keeps what kafkajs needs to see an aborted transaction.
 */
function standIn(batch: Buffer, head: BatchHead, unreadBatch: UnreadBatch): StandIn {
  const isControlRecord = (head.attributes & controlFlag) !== 0;
  return {
    offset: unreadBatch.lastOffset,
    timestamp: String(head.maxTimestamp),
    key: null,
    value: unreadBatch.bytes > maxKeptBytes ? null : batch.subarray(batchHeadBytes),
    headers: {},
    unread: unreadBatch,
    isControlRecord,
    batchContext: {
      inTransaction: (head.attributes & transactionFlag) !== 0,
      isControlBatch: isControlRecord,
      producerId: String(head.producerId),
    },
  };
}

const transactionFlag = 0x10;
const controlFlag = 0x20;

/** The fields of a record that kafkajs or our code reads. */
interface StandIn extends FetchedMessage {
  readonly headers: Readonly<Record<string, never>>;
  readonly isControlRecord: boolean;
  readonly batchContext: {
    readonly inTransaction: boolean;
    readonly isControlBatch: boolean;
    readonly producerId: string;
  };
}
