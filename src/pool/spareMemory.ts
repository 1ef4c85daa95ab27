/**
 * The memory of batches that were sent, for batches to come: 6 MB each, which the threads take and the main
 * loop gives back. Left to the C library, it comes as new pages for every batch and stays behind in pieces.
 */
export class SpareMemory {
  readonly #spare: ArrayBuffer[] = [];

  take(): ArrayBuffer | undefined {
    return this.#spare.pop();
  }

  /** Whoever still has a view of it sees nothing from now on. Can be called twice. */
  giveBack(memory: ArrayBuffer): void {
    if (memory.detached) return;
    const spare = memory.transfer();
    if (spare.byteLength <= largestBytes && this.#spare.length < most) this.#spare.push(spare);
  }
}

/** As many as batches may be on their way. */
const most = 4;
/** A batch of extraordinary bills must not be paid for ever after. */
const largestBytes = 16_777_216;
