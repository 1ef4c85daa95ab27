import { type DecodedEvent, decodeEvent } from './decode.ts';
import type { OffsetTracker } from './offsetTracker.ts';

/** What a record says, or why it cannot be read. */
export type ReceivedEvent = DecodedEvent;

/** A record from Kafka, in flight until `done()`. */
export interface ReceivedRecord {
  readonly topic: string;
  readonly partition: number;
  /** Exact, as Kafka counts. */
  readonly offset: string;
  /** When the record was made or appended, as the topic is set; milliseconds since 1970. */
  readonly timestampMs: number;
  readonly event: ReceivedEvent;
  /** Key and value byte for byte, as copies: for a dead letter. */
  bytes(): { key: Buffer | null; value: Buffer | null };
  /** Whether the partition is still ours since the record came; if not, it is not worth claiming any more. */
  isCurrent(): boolean;
  /** Settled, skipped or durably dead-lettered: the watermark may pass. As often as you like. */
  done(): void;
}

/** The part of a kafkajs message that is read; `key` and `value` are views of the whole fetch response. */
export interface FetchedMessage {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Where a record came from: one object for all records of a partition and epoch. */
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
 * Takes messages in. Key and value are copied, all into one memory: a view would keep a whole fetch response alive,
 * and a string each costs five times as much, for every record that waits.
 */
export const receive = (source: RecordSource, held: readonly HeldMessage[]): ReceivedRecord[] => {
  const batch = new ReceivedBatch(source, held);
  return held.map(({ entry }, index) => new TrackedRecord(batch, index, entry));
};

/** Where a record's key starts in its batch, how long it is, and how long the value behind it; -1: there is none. */
const NUMBERS_A_RECORD = 3;

class ReceivedBatch {
  readonly source: RecordSource;
  readonly #bytes: Buffer;
  readonly #layout: Int32Array;
  readonly #offsets: Float64Array;
  readonly #timestampsMs: Float64Array;

  constructor(source: RecordSource, held: readonly HeldMessage[]) {
    this.source = source;
    this.#bytes = Buffer.allocUnsafeSlow(held.reduce((sum, { message }) => sum + bytesOf(message), 0));
    this.#layout = new Int32Array(held.length * NUMBERS_A_RECORD);
    this.#offsets = new Float64Array(held.length);
    this.#timestampsMs = new Float64Array(held.length);
    let end = 0;
    for (const [index, { message }] of held.entries()) {
      this.#layout.set(
        [end, message.key?.length ?? -1, message.value?.length ?? -1],
        index * NUMBERS_A_RECORD,
      );
      this.#offsets[index] = Number(message.offset);
      this.#timestampsMs[index] = Number(message.timestamp);
      for (const part of [message.key, message.value]) if (part !== null) end += part.copy(this.#bytes, end);
    }
  }

  offset(index: number): string {
    return String(this.#offsets[index]);
  }

  timestampMs(index: number): number {
    return this.#timestampsMs[index] ?? 0;
  }

  key(index: number): Buffer | null {
    const start = this.#number(index, 0);
    const length = this.#number(index, 1);
    return length < 0 ? null : this.#bytes.subarray(start, start + length);
  }

  value(index: number): Buffer | null {
    const start = this.#number(index, 0) + Math.max(this.#number(index, 1), 0);
    const length = this.#number(index, 2);
    return length < 0 ? null : this.#bytes.subarray(start, start + length);
  }

  #number(index: number, which: number): number {
    return this.#layout[index * NUMBERS_A_RECORD + which] ?? 0;
  }
}

const bytesOf = ({ key, value }: FetchedMessage): number => (key?.length ?? 0) + (value?.length ?? 0);

/** Thousands of these wait at once: four fields, and no event before somebody asks for it. */
class TrackedRecord implements ReceivedRecord {
  readonly #batch: ReceivedBatch;
  readonly #index: number;
  readonly #entry: number;
  #event: ReceivedEvent | undefined;

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

  get event(): ReceivedEvent {
    this.#event ??= decodeEvent(this.#batch.value(this.#index));
    return this.#event;
  }

  bytes(): { key: Buffer | null; value: Buffer | null } {
    return { key: copyOf(this.#batch.key(this.#index)), value: copyOf(this.#batch.value(this.#index)) };
  }

  isCurrent(): boolean {
    return !this.#batch.source.tracker.isRevoked;
  }

  done(): void {
    this.#batch.source.tracker.complete(this.#entry);
  }
}

const copyOf = (bytes: Buffer | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
