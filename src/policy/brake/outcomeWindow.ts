import { addCounts, noOutcomes, type Outcome, type OutcomeCounts } from './outcome.ts';

/**
 * The outcomes of this process's bills in the last minute, in buckets of five seconds, which other processes
 * read too.
 */
export class OutcomeWindow {
  #buckets: Bucket[] = [];
  #next = 0;
  #closed = true;

  add(outcome: Outcome, nowMs: number): void {
    const bucket = this.#current(nowMs);
    bucket.counts[outcome]++;
    bucket.isWritten = false;
  }

  /**
   * Marks the present bucket as unwritten although nothing was added, so that what is written beside the
   * counts stays known.
   */
  keepFresh(nowMs: number): void {
    this.#current(nowMs).isWritten = false;
  }

  /** The sum of the last minute. */
  sum(nowMs: number): OutcomeCounts {
    this.#forget(nowMs);
    return this.#buckets.reduce((sum, { counts }) => addCounts(sum, counts), noOutcomes);
  }

  /**
   * Buckets with outcomes that are not written yet. If an outcome is added to one later, that bucket is
   * unwritten again.
   */
  takeUnwritten(): NumberedCounts[] {
    const unwritten = this.#buckets.filter(({ isWritten }) => !isWritten);
    for (const bucket of unwritten) bucket.isWritten = true;
    return unwritten.map(({ number, counts }) => ({ number, counts: { ...counts } }));
  }

  /** Forgets all outcomes so far. */
  clear(): void {
    this.#buckets = [];
    this.#closed = true;
  }

  #current(nowMs: number): Bucket {
    const last = this.#buckets.at(-1);
    if (last !== undefined && !this.#closed && nowMs - last.startedMs < bucketMs) return last;
    this.#forget(nowMs);
    const bucket = { number: this.#next++, startedMs: nowMs, counts: { ...noOutcomes }, isWritten: true };
    this.#buckets.push(bucket);
    this.#closed = false;
    return bucket;
  }

  #forget(nowMs: number): void {
    while ((this.#buckets[0]?.startedMs ?? nowMs) < nowMs - windowMs) this.#buckets.shift();
  }
}

/** The counts of one bucket so far. If it is written again with more, they replace the earlier ones. */
export interface NumberedCounts {
  readonly number: number;
  readonly counts: OutcomeCounts;
}

interface Bucket {
  readonly number: number;
  readonly startedMs: number;
  readonly counts: Record<Outcome, number>;
  isWritten: boolean;
}

const windowMs = 60_000;
const bucketMs = 5_000;
