/**
 * Slots that are taken before work starts and released when it is done.
 * Invariant: 0 <= free <= capacity. What is taken anyway may exceed the capacity; then none is free.
 */
export class Semaphore {
  readonly capacity: number;
  #taken = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get free(): number {
    return Math.max(0, this.capacity - this.#taken);
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

  /** Takes slots although none may be free. */
  takeAnyway(count: number): void {
    this.#taken += count;
  }

  release(count: number): void {
    if (count > this.#taken) throw new RangeError(`${count} slots released, ${this.#taken} taken`);
    this.#taken -= count;
  }
}
