/**
 * Room that is reserved before work is taken on, and given back when it is done.
 * Invariant: 0 <= free <= capacity; those who wait are served in the order they came.
 */
export class Slots {
  readonly capacity: number;
  readonly #gatherMs: number;
  #taken = 0;
  #waiting: { atMost: number; served: (count: number) => void }[] = [];
  #serving: NodeJS.Timeout | undefined;

  /** @param gatherMs how long freed slots are gathered for one who waits, so that nobody works one by one */
  constructor(capacity: number, gatherMs = 3) {
    this.capacity = capacity;
    this.#gatherMs = gatherMs;
  }

  get free(): number {
    return this.capacity - this.#taken;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Reserves up to `atMost` slots without waiting; returns how many. */
  tryTake(atMost: number): number {
    const count = Math.min(atMost, this.free);
    this.#taken += count;
    return count;
  }

  /** Waits for at least one slot and reserves up to `atMost`; resolves with how many. */
  take(atMost: number): Promise<number> {
    const count = this.#waiting.length === 0 ? this.tryTake(atMost) : 0;
    if (count > 0) return Promise.resolve(count);
    return new Promise((served) => this.#waiting.push({ atMost, served }));
  }

  release(count: number): void {
    if (count > this.#taken) throw new RangeError(`${count} slots released, ${this.#taken} taken`);
    this.#taken -= count;
    if (this.#waiting.length > 0) this.#serving ??= setTimeout(() => this.#serve(), this.#gatherMs);
  }

  #serve(): void {
    this.#serving = undefined;
    while (this.free > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.served(this.tryTake(next.atMost));
    }
  }
}
