/**
 * The memory of batches that were handed off, for the next batches: 6 MB each, which the threads take and the
 * main loop gives back. The C library would use new pages for every batch and leave them in pieces.
 */
export class SpareMemory {
  readonly #spare: ArrayBuffer[] = [];

  take(): ArrayBuffer | undefined {
    return this.#spare.pop();
  }

  /** Views of it are empty from now on. Can be called twice. */
  giveBack(memory: ArrayBuffer): void {
    if (memory.detached) return;
    const spare = memory.transfer();
    if (spare.byteLength <= largestBytes && this.#spare.length < most) this.#spare.push(spare);
  }
}

/** As many as batches may run at a time. */
const most = 4;
/** A batch of extraordinary bills must not keep its memory for good. */
const largestBytes = 16_777_216;
