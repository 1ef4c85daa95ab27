import type { FetchedMessage } from '../../kafka/recordBatch.ts';
import { OffsetTracker } from './offsetTracker.ts';
import { type HeldMessage, type ReceivedRecord, type RecordSource, receive } from './receivedRecord.ts';

/** A batch that kafkajs fetched from one partition. */
export interface FetchedBatch {
  readonly messages: readonly FetchedMessage[];
  firstOffset(): string | null;
  lastOffset(): string;
}

/** The new records of a batch, or nothing if it must be fetched again. */
export type Intake =
  | {
      readonly kind: 'taken';
      readonly records: ReceivedRecord[];
      /** Records that were already held. */
      readonly repeated: number;
      /** Offsets went back: a new epoch has begun. */
      readonly restarted: boolean;
    }
  | { readonly kind: 'refetch' };

/** A watermark to commit, and its epoch. */
export interface IntakeProgress {
  readonly partition: OwnedPartition;
  readonly source: RecordSource;
  readonly offset: number;
}

/**
 * A partition that is ours, from the join that assigned it to the join that revokes it.
 *
 * Invariants
 * - kafkajs fetches in order. A batch below the expected offset means another log at the same offsets (topic
 *   recreated, log truncated, committed offset out of range), so a new epoch begins: a new record is never
 *   mistaken for one that we hold. (A fetch from before two joins can look the same. Its records come again,
 *   and their rows show that they are settled.)
 * - After a rejoin kafkajs restarts at the committed offset. That may be below what we hold, but not below
 *   our own last commit.
 * - `progress` never passes a record of this epoch that is not done.
 *
 * Other members cannot break these. Another member may own the partition between two of our joins without our
 * notice (session expired, crash), while our tracker still counts what this process holds. Then a commit of
 * ours may move the group's offset back: records come again, and their rows show that they are settled. It
 * cannot move it beyond a record that this process has received and not finished. What it never received is
 * above `position`, which no watermark passes.
 */
export class OwnedPartition {
  readonly topic: string;
  readonly partition: number;
  #source: RecordSource;
  /** No batch may start below this; undefined before the first. */
  #expected: number | undefined;
  /** The first offset of this epoch. */
  #start: number | undefined;
  #committed: number | undefined;
  #distrustNext: boolean;
  /** The group had committed at least this offset when we joined; undefined if unknown. */
  readonly #fetchAgainFrom: number | undefined;

  /**
   * @param options.distrustFirst drop the first batch and fetch it again: see `Assignment`
   * @param options.fetchAgainFrom where to seek back to, if kafkajs has skipped that batch
   */
  constructor(
    topic: string,
    partition: number,
    options: { readonly distrustFirst: boolean; readonly fetchAgainFrom?: number | undefined },
  ) {
    this.topic = topic;
    this.partition = partition;
    this.#source = { topic, partition, tracker: new OffsetTracker() };
    this.#distrustNext = options.distrustFirst;
    this.#fetchAgainFrom = options.fetchAgainFrom;
  }

  take(batch: FetchedBatch): Intake {
    if (this.#distrustNext) {
      this.#distrustNext = false;
      return { kind: 'refetch' };
    }
    const first = Number(batch.firstOffset() ?? batch.lastOffset());
    const restarted = this.#restartIfBelow(first);
    this.#start ??= first;
    const held: HeldMessage[] = [];
    for (const message of batch.messages) {
      const entry = this.#source.tracker.received(Number(message.offset));
      if (entry !== undefined) held.push({ message, entry });
    }
    const records = receive(this.#source, held);
    this.#reached(Number(batch.lastOffset()) + 1);
    return { kind: 'taken', records, repeated: batch.messages.length - records.length, restarted };
  }

  /**
   * kafkajs skipped to `lastOffset` without a record for us: control records, or compacted ones.
   * @returns the offset to seek back to, if it may have skipped records of ours
   */
  skipped(lastOffset: number): number | undefined {
    if (this.#distrustNext) {
      // A fetch from there can be trusted. To seek back twice would loop if only control records are left.
      this.#distrustNext = this.#fetchAgainFrom === undefined;
      return this.#fetchAgainFrom;
    }
    this.#restartIfBelow(lastOffset);
    this.#reached(lastOffset + 1);
    return undefined;
  }

  /** The group was joined again, and the partition is still ours. */
  rejoined(): void {
    this.#expected = this.earliest;
  }

  revoke(): void {
    this.#source.tracker.revoke();
  }

  /** The watermark, unless it is already committed. */
  get progress(): IntakeProgress | undefined {
    const offset = this.#source.tracker.watermark;
    if (offset === undefined || offset === this.#committed) return undefined;
    return { partition: this, source: this.#source, offset };
  }

  /** A broker has accepted this commit. */
  committed({ source, offset }: IntakeProgress): void {
    if (source === this.#source) this.#committed = offset;
  }

  /** The group's committed offset is at most this, as far as we know; undefined before the first batch. */
  get earliest(): number | undefined {
    return this.#committed ?? this.#start;
  }

  /** Every record below it is done; undefined at first. */
  get watermark(): number | undefined {
    return this.#source.tracker.watermark;
  }

  get inFlight(): number {
    return this.#source.tracker.inFlight;
  }

  #reached(position: number): void {
    this.#source.tracker.skippedTo(position);
    this.#expected = position;
  }

  #restartIfBelow(offset: number): boolean {
    if (this.#expected === undefined || offset >= this.#expected) return false;
    this.#source.tracker.revoke();
    this.#source = { topic: this.topic, partition: this.partition, tracker: new OffsetTracker() };
    this.#expected = undefined;
    this.#start = undefined;
    this.#committed = undefined;
    return true;
  }
}
