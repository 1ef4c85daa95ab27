/**
 * The memory of batches that were handed off, kept for the next batches: 6 MB each. Threads take it, and the
 * main loop gives it back. Without this, the C library would use new pages for every batch and leave them
 * fragmented.
 */
export class SpareMemory {
  readonly #spare: ArrayBuffer[] = [];

  take(): ArrayBuffer | undefined {
    return this.#spare.pop();
  }

  /** From now on all views of this memory are empty. May be called twice. */
  giveBack(memory: ArrayBuffer): void {
    if (memory.detached) return;
    const spare = memory.transfer();
    if (spare.byteLength <= largestBytes && this.#spare.length < most) this.#spare.push(spare);
  }
}

/** As many as batches that may run at a time. */
const most = 4;
/** Larger memory, of unusually large bills, is not kept. */
const largestBytes = 16_777_216;
