import type { ReceivedRecord } from '../intake/receivedRecord.ts';

/** Records in the order they came; taking is O(taken), however many wait. */
export class RecordQueue {
  #records: ReceivedRecord[] = [];
  #head = 0;

  get size(): number {
    return this.#records.length - this.#head;
  }

  add(records: readonly ReceivedRecord[]): void {
    for (const record of records) this.#records.push(record);
  }

  take(count: number): ReceivedRecord[] {
    const taken = this.#records.slice(this.#head, this.#head + count);
    this.#head += taken.length;
    if (this.#head * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
    return taken;
  }

  clear(): void {
    this.#records = [];
    this.#head = 0;
  }
}
