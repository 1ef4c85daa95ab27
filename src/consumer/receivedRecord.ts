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

/** Takes a message in: decoded, its bytes let go, held by its tracker as `entry`. */
export const receive = (source: RecordSource, entry: number, message: FetchedMessage): ReceivedRecord =>
  new TrackedRecord(source, entry, message);

/**
 * Thousands of these live at once: seven fields, no closures. Key and value are kept as text, a byte a character:
 * exact, an eighth of a Buffer's cost, and no view that would keep a whole fetch response alive.
 */
class TrackedRecord implements ReceivedRecord {
  readonly offset: string;
  readonly timestampMs: number;
  readonly event: ReceivedEvent;
  readonly #source: RecordSource;
  readonly #entry: number;
  readonly #key: string | null;
  readonly #value: string | null;

  constructor(source: RecordSource, entry: number, message: FetchedMessage) {
    this.#source = source;
    this.#entry = entry;
    this.#key = toText(message.key);
    this.#value = toText(message.value);
    this.offset = message.offset;
    this.timestampMs = Number(message.timestamp);
    this.event = decodeEvent(message.value);
  }

  get topic(): string {
    return this.#source.topic;
  }

  get partition(): number {
    return this.#source.partition;
  }

  bytes(): { key: Buffer | null; value: Buffer | null } {
    return { key: toBytes(this.#key), value: toBytes(this.#value) };
  }

  isCurrent(): boolean {
    return !this.#source.tracker.isRevoked;
  }

  done(): void {
    this.#source.tracker.complete(this.#entry);
  }
}

const toText = (bytes: Buffer | null): string | null => (bytes === null ? null : bytes.toString('latin1'));

const toBytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'latin1'));
