/**
 * Shares work by weight (start-time fair queuing). If somebody could not be served for a while, it gets its
 * usual share afterwards and does not catch up.
 */
export class Turns {
  readonly #weights: readonly number[];
  readonly #tags: number[];
  #now = 0;

  /** @param weights above 0, one each */
  constructor(weights: readonly number[]) {
    this.#weights = weights;
    this.#tags = weights.map(() => 0);
  }

  /** Whose turn it is, by index: the first of them that can be served. */
  get order(): readonly number[] {
    const startOf = (index: number): number => Math.max(this.#tags[index] ?? 0, this.#now);
    return this.#tags.map((_, index) => index).sort((a, b) => startOf(a) - startOf(b) || a - b);
  }

  served(index: number, amount: number): void {
    const start = Math.max(this.#tags[index] ?? 0, this.#now);
    this.#now = start;
    this.#tags[index] = start + amount / (this.#weights[index] ?? 1);
  }
}
