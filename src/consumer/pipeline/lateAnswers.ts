import { within } from '../../lib/timeLimit.ts';

/** Answers that still come after their bills were settled as unknown. */
export class LateAnswers {
  readonly #awaited = new Set<Promise<void>>();

  /** The number of answers that have not come yet. */
  get size(): number {
    return this.#awaited.size;
  }

  /** @param settled resolves when the answer has come and was given to the settler */
  await(settled: Promise<void>): void {
    this.#awaited.add(settled);
    void settled.finally(() => this.#awaited.delete(settled));
  }

  /**
   * Resolves when all have come, or the time is over. The other bills stay in doubt, as their rows already
   * say.
   */
  async settled(withinMs: number): Promise<void> {
    if (this.#awaited.size > 0) await within(withinMs, Promise.allSettled(this.#awaited));
  }
}
