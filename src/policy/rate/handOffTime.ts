const firstGuessMs = 30;
const longestMs = 400;
/** How much of the longest time is kept per hand-off: if one in fifty is slow, it is still remembered. */
const kept = 0.98;

/** How long it takes until a bill that was let through is handed off: the longest of the recent times. */
export class HandOffTime {
  #ms = firstGuessMs;
  /** Bills that were let through and are not handed off yet. */
  #begun = 0;
  /**
   * The group that is measured, one at a time: `left` bills of it, and of those before it, are not handed
   * off.
   */
  #measured: { readonly sinceMs: number; left: number } | undefined;

  /** How long before its moment a bill must be let through. */
  get aheadMs(): number {
    return Math.min(longestMs, this.#ms * 1.5);
  }

  begin(count: number, nowMs: number): void {
    this.#begun += count;
    this.#measured ??= { sinceMs: nowMs, left: this.#begun };
  }

  end(count: number, nowMs: number): void {
    this.#begun -= count;
    if (this.#measured === undefined) return;
    this.#measured.left -= count;
    if (this.#measured.left > 0) return;
    const ms = nowMs - this.#measured.sinceMs;
    this.#ms = ms > this.#ms ? ms : this.#ms * kept + ms * (1 - kept);
    this.#measured = undefined;
  }
}
