import { within } from '../../lib/timeLimit.ts';

/** Answers that still come after their bills were settled as unknown. */
export class LateAnswers {
  readonly #awaited = new Set<Promise<void>>();

  /** How many have not come. */
  get size(): number {
    return this.#awaited.size;
  }

  /** @param settled resolves when the answer has come and was given to the settler */
  await(settled: Promise<void>): void {
    this.#awaited.add(settled);
    void settled.finally(() => this.#awaited.delete(settled));
  }

  /**
   * Resolves when all have come, or the time is over. What has not come by then stays in doubt, as its row
   * says already.
   */
  async settled(withinMs: number): Promise<void> {
    if (this.#awaited.size > 0) await within(withinMs, Promise.allSettled(this.#awaited));
  }
}
