import type { FetchedMessage, UnreadBatch } from '../../kafka/recordBatch.ts';
import { type DecodedEvent, decodeEvent } from './decode.ts';
import type { OffsetTracker } from './offsetTracker.ts';

/** A record from Kafka, in flight until `done()`. */
export interface ReceivedRecord {
  readonly topic: string;
  readonly partition: number;
  /** Exact, as text. */
  readonly offset: string;
  /** When the record was created or appended, as the topic is configured; milliseconds since 1970. */
  readonly timestampMs: number;
  readonly event: DecodedEvent;
  /** Replaces an event that named its bill by the billing system's id by one with our own numbers. */
  resolve(event: DecodedEvent): void;
  /** The unread record batch that this stands for; undefined for a plain record. */
  readonly batch?: UnreadBatch | undefined;
  /** The size of key and value, in bytes. */
  readonly size: number;
  /** Copies of key and value, for a dead letter. Not after `forgetBytes` or `done`. */
  bytes(): { key: Buffer | null; value: Buffer | null };
  /** Key and value are no longer needed; the event is. */
  forgetBytes(): void;
  /** Whether the partition is still ours since the record came. If not, the record is not worth claiming. */
  isCurrent(): boolean;
  /** Settled, skipped or durably quarantined: the watermark may pass. May be called repeatedly. */
  done(): void;
}

/** Where a record came from; all records of a partition and epoch share one object. */
export interface RecordSource {
  readonly topic: string;
  readonly partition: number;
  readonly tracker: OffsetTracker;
}

/** A message that its tracker holds as `entry`. */
export interface HeldMessage {
  readonly message: FetchedMessage;
  readonly entry: number;
}

/**
 * Takes messages in. Keys and values are copied into one buffer: a view would keep a whole fetch response
 * alive, and one string per record would take five times the memory.
 */
export function receive(source: RecordSource, held: readonly HeldMessage[]): ReceivedRecord[] {
  const batch = new ReceivedBatch(source, held);
  return held.map(({ entry }, index) => new TrackedRecord(batch, index, entry));
}

/**
 * A larger record has its own buffer, which is freed with the record, however long its neighbours are in
 * flight.
 */
const sharedBytes = 1_024;

interface OwnMemory {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly batch: UnreadBatch | undefined;
}

/** Per record: the start of its key in the batch, the key's length, and the value's length; -1 for none. */
const numbersPerRecord = 3;
/** Stands in place of the start: the record is not in the shared buffer. */
const ownMemory = -1;

class ReceivedBatch {
  readonly source: RecordSource;
  readonly #bytes: Buffer;
  readonly #layout: Int32Array;
  readonly #offsets: Float64Array;
  readonly #timestampsMs: Float64Array;
  /** Records that are not in the shared buffer, by index. */
  readonly #own = new Map<number, OwnMemory>();

  constructor(source: RecordSource, held: readonly HeldMessage[]) {
    this.source = source;
    this.#bytes = Buffer.allocUnsafeSlow(held.reduce((sum, { message }) => sum + sharedBytesOf(message), 0));
    this.#layout = new Int32Array(held.length * numbersPerRecord);
    this.#offsets = new Float64Array(held.length);
    this.#timestampsMs = new Float64Array(held.length);
    let end = 0;
    for (const [index, { message }] of held.entries()) {
      this.#layout.set(
        [isShared(message) ? end : ownMemory, message.key?.length ?? -1, message.value?.length ?? -1],
        index * numbersPerRecord,
      );
      this.#offsets[index] = Number(message.offset);
      this.#timestampsMs[index] = Number(message.timestamp);
      if (!isShared(message)) {
        const { key, value, unread } = message;
        this.#own.set(index, { key: copyOf(key), value: copyOf(value), batch: unread });
        continue;
      }
      for (const part of [message.key, message.value]) if (part !== null) end += part.copy(this.#bytes, end);
    }
  }

  offset(index: number): string {
    return String(this.#offsets[index]);
  }

  timestampMs(index: number): number {
    return this.#timestampsMs[index] ?? 0;
  }

  size(index: number): number {
    return Math.max(this.#number(index, 1), 0) + Math.max(this.#number(index, 2), 0);
  }

  /** The batch that the record stands for; undefined for a plain record, and after `forget`. */
  unread(index: number): UnreadBatch | undefined {
    return this.#own.get(index)?.batch;
  }

  forget(index: number): void {
    this.#own.delete(index);
  }

  key(index: number): Buffer | null {
    const start = this.#number(index, 0);
    if (start === ownMemory) return this.#own.get(index)?.key ?? null;
    const length = this.#number(index, 1);
    return length < 0 ? null : this.#bytes.subarray(start, start + length);
  }

  value(index: number): Buffer | null {
    if (this.#number(index, 0) === ownMemory) return this.#own.get(index)?.value ?? null;
    const start = this.#number(index, 0) + Math.max(this.#number(index, 1), 0);
    const length = this.#number(index, 2);
    return length < 0 ? null : this.#bytes.subarray(start, start + length);
  }

  #number(index: number, which: number): number {
    return this.#layout[index * numbersPerRecord + which] ?? 0;
  }
}

function bytesOf({ key, value }: FetchedMessage): number {
  return (key?.length ?? 0) + (value?.length ?? 0);
}

function isShared(message: FetchedMessage): boolean {
  return message.unread === undefined && bytesOf(message) <= sharedBytes;
}

function sharedBytesOf(message: FetchedMessage): number {
  return isShared(message) ? bytesOf(message) : 0;
}

/** Thousands of these wait at once: four fields, and the event is decoded on first use. */
class TrackedRecord implements ReceivedRecord {
  readonly #batch: ReceivedBatch;
  readonly #index: number;
  readonly #entry: number;
  #event: DecodedEvent | undefined;

  constructor(batch: ReceivedBatch, index: number, entry: number) {
    this.#batch = batch;
    this.#index = index;
    this.#entry = entry;
  }

  get topic(): string {
    return this.#batch.source.topic;
  }

  get partition(): number {
    return this.#batch.source.partition;
  }

  get offset(): string {
    return this.#batch.offset(this.#index);
  }

  get timestampMs(): number {
    return this.#batch.timestampMs(this.#index);
  }

  get event(): DecodedEvent {
    this.#event ??= this.#readEvent();
    return this.#event;
  }

  resolve(event: DecodedEvent): void {
    this.#event = event;
  }

  get batch(): UnreadBatch | undefined {
    return this.#batch.unread(this.#index);
  }

  get size(): number {
    return this.#batch.size(this.#index);
  }

  bytes(): { key: Buffer | null; value: Buffer | null } {
    return { key: copyOf(this.#batch.key(this.#index)), value: copyOf(this.#batch.value(this.#index)) };
  }

  isCurrent(): boolean {
    return !this.#batch.source.tracker.isRevoked;
  }

  forgetBytes(): void {
    this.#batch.forget(this.#index);
  }

  done(): void {
    this.forgetBytes();
    this.#batch.source.tracker.complete(this.#entry);
  }

  #readEvent(): DecodedEvent {
    const unread = this.batch;
    return unread === undefined
      ? decodeEvent(this.#batch.value(this.#index))
      : { kind: 'poison', reason: unread.reason };
  }
}

function copyOf(bytes: Buffer | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes);
}
