import assert from 'node:assert/strict';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';

/**
 * Work that takes a while and ends in any order, for the consumers of a whole group. It remembers all that
 * was ever done, and compares committed offsets with that.
 */
export class UnfinishedWork {
  readonly #doneOffsets = new Map<number, Set<number>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #workMs: () => number;
  delivered = 0;

  constructor(workMs: () => number) {
    this.#workMs = workMs;
  }

  readonly onRecords = (records: ReceivedRecord[]): void => {
    this.delivered += records.length;
    for (const record of records) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.finish(record);
      }, this.#workMs());
      this.#timers.add(timer);
    }
  };

  finish(record: ReceivedRecord): void {
    const done = this.#doneOffsets.get(record.partition) ?? new Set();
    done.add(Number(record.offset));
    this.#doneOffsets.set(record.partition, done);
    record.done();
  }

  get done(): number {
    return [...this.#doneOffsets.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get unfinished(): number {
    return this.#timers.size;
  }

  /** Every record below a committed offset was done by somebody. */
  assertNotPassed(committed: ReadonlyMap<number, number>): void {
    for (const [partition, offset] of committed) {
      const done = this.#doneOffsets.get(partition);
      for (let below = 0; below < offset; below++) {
        assert.ok(done?.has(below), `partition ${partition}: ${offset} is committed, ${below} is not done`);
      }
    }
  }

  abandon(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
