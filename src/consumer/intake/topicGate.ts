import type { ReceivedRecord } from './receivedRecord.ts';

export interface TopicGateDeps {
  readonly deliver: (records: ReceivedRecord[]) => void;
  /** Starts or stops fetching from this topic. */
  readonly setFetching: (topic: string, fetching: boolean) => void;
}

/**
 * Delivers the records of a topic, or holds them.
 *
 * States of a topic: open; paused by its user; draining (open again, with held batches still to deliver).
 * States of the gate: open, then closed for ever.
 *
 * Invariants
 * - Nothing of a topic is delivered between `pause` and `resume`. One fetch brings batches of all partitions,
 *   so some arrive after the pause: they are held, in order. To fetch them again would decode them twice, and
 *   would always drop the partitions that are last in the fetch.
 * - At most one fetch is held: nothing is fetched from a topic that is not open.
 * - Delivery after `resume` starts in a new microtask, never inside the caller of `resume`.
 */
export class TopicGate {
  readonly #deps: TopicGateDeps;
  readonly #paused = new Set<string>();
  readonly #held = new Map<string, ReceivedRecord[][]>();
  #closed = false;

  constructor(deps: TopicGateDeps) {
    this.#deps = deps;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Whether to fetch from the topic. */
  isOpen(topic: string): boolean {
    return !this.#closed && !this.#paused.has(topic) && !this.#held.has(topic);
  }

  /** Records that wait for their topic to be resumed. */
  get held(): number {
    let sum = 0;
    for (const batches of this.#held.values()) for (const batch of batches) sum += batch.length;
    return sum;
  }

  offer(topic: string, records: ReceivedRecord[]): void {
    if (this.#closed || records.length === 0) return;
    if (this.isOpen(topic)) {
      this.#deps.deliver(records);
      return;
    }
    const batches = this.#held.get(topic) ?? [];
    batches.push(records);
    this.#held.set(topic, batches);
  }

  pause(topic: string): void {
    if (this.#closed || this.#paused.has(topic)) return;
    this.#paused.add(topic);
    this.#deps.setFetching(topic, false);
  }

  resume(topic: string): void {
    if (this.#closed || !this.#paused.delete(topic)) return;
    if (this.#held.has(topic)) queueMicrotask(() => this.#drain(topic));
    else this.#deps.setFetching(topic, true);
  }

  /** Closes for good. Held records are dropped: the next owner of the partition gets them again. */
  close(topics: readonly string[]): void {
    this.#closed = true;
    this.#held.clear();
    for (const topic of topics) this.#deps.setFetching(topic, false);
  }

  #drain(topic: string): void {
    const batches = this.#held.get(topic);
    while (batches !== undefined && batches.length > 0 && !this.#paused.has(topic) && !this.#closed) {
      const records = batches.shift()?.filter((record) => record.isCurrent()) ?? [];
      if (records.length > 0) this.#deps.deliver(records);
    }
    if (batches === undefined || batches.length > 0 || this.#closed) return;
    this.#held.delete(topic);
    if (!this.#paused.has(topic)) this.#deps.setFetching(topic, true);
  }
}
