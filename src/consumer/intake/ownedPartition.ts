import type { FetchedMessage } from '../../kafka/recordBatch.ts';
import { OffsetTracker } from './offsetTracker.ts';
import { type HeldMessage, type ReceivedRecord, type RecordSource, receive } from './receivedRecord.ts';

/** What kafkajs fetched from one partition. */
export interface FetchedBatch {
  readonly messages: readonly FetchedMessage[];
  firstOffset(): string | null;
  lastOffset(): string;
}

/** What came of a batch: its new records, or nothing, and it has to be fetched again. */
export type Intake =
  | {
      readonly kind: 'taken';
      readonly records: ReceivedRecord[];
      /** Records that were held already. */
      readonly repeated: number;
      /** The log had gone back: an epoch has ended, another has begun. */
      readonly restarted: boolean;
    }
  | { readonly kind: 'refetch' };

/** A watermark to commit, and the epoch it belongs to. */
export interface IntakeProgress {
  readonly partition: OwnedPartition;
  readonly source: RecordSource;
  readonly offset: number;
}

/**
 * A partition that is ours, from the join that gave it to the join that takes it.
 *
 * Invariants
 * - kafkajs fetches in order. A batch below what it must bring next means another log at the same offsets (topic
 *   made anew, log cut off, committed offset out of range): what we hold says nothing about it, so a new epoch
 *   begins. A fresh record is never taken for one that we hold. (A fetch of before two joins can look the same:
 *   its records come again, and their rows tell that they are settled.)
 * - After a rejoin kafkajs starts again at the committed offset: that may lie below what we hold, but not below
 *   what we have committed ourselves.
 * - `progress` never passes a record of this epoch that is not done.
 *
 * Other members cannot break these. If somebody else owned the partition between two of our joins without our
 * knowing (session expired, crash), our tracker still counts what this process holds. A commit of ours may then
 * put the group's offset back: records come again, and their rows tell that they are settled. It cannot put it
 * beyond a record that this process has received and not finished, and what it never received lies above
 * `position`, which no watermark passes.
 */
export class OwnedPartition {
  readonly topic: string;
  readonly partition: number;
  #source: RecordSource;
  /** No batch may start below; undefined until the first. */
  #expected: number | undefined;
  /** Where this epoch began. */
  #start: number | undefined;
  #committed: number | undefined;
  #distrustNext: boolean;
  /** Not above the offset that the group had committed at the join; undefined where that is not known. */
  readonly #fetchAgainFrom: number | undefined;

  /**
   * @param options.distrustFirst drop the first batch, and have it fetched again: see `Assignment`
   * @param options.fetchAgainFrom where to, if kafkajs has gone past that batch by itself
   */
  constructor(
    topic: string,
    partition: number,
    options: { distrustFirst: boolean; fetchAgainFrom?: number | undefined },
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
   * kafkajs went past `lastOffset` without a record for us: control records, or compacted ones.
   * @returns where it has to be sent back to, if it may have gone past records of ours
   */
  skipped(lastOffset: number): number | undefined {
    if (this.#distrustNext) {
      // What is fetched from there can be trusted. Twice would be for ever where only control records are left.
      this.#distrustNext = this.#fetchAgainFrom === undefined;
      return this.#fetchAgainFrom;
    }
    this.#restartIfBelow(lastOffset);
    this.#reached(lastOffset + 1);
    return undefined;
  }

  /** The group was joined again, and the partition stayed ours. */
  rejoined(): void {
    this.#expected = this.earliest;
  }

  revoke(): void {
    this.#source.tracker.revoke();
  }

  /** The watermark, unless it is committed already. */
  get progress(): IntakeProgress | undefined {
    const offset = this.#source.tracker.watermark;
    if (offset === undefined || offset === this.#committed) return undefined;
    return { partition: this, source: this.#source, offset };
  }

  /** A broker has taken this commit. */
  committed({ source, offset }: IntakeProgress): void {
    if (source === this.#source) this.#committed = offset;
  }

  /** The group's committed offset was not above this, as far as we know; undefined before the first batch. */
  get earliest(): number | undefined {
    return this.#committed ?? this.#start;
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
