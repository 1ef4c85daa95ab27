const firstGuessMs = 30;
const longestMs = 400;
/** What is kept of a slow one at the next: one in fifty that is slow is still remembered. */
const kept = 0.98;

/** How long it takes from a bill's being let through until it is handed off: the longest of late. */
export class HandOffTime {
  #ms = firstGuessMs;
  /** Let through and not handed off. */
  #begun = 0;
  /** Measures one group at a time: how many of those before it and of itself are not handed off. */
  #measured: { readonly sinceMs: number; left: number } | undefined;

  /** How long before its moment a bill is to be let through. */
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
