import type { BillId } from '../../bill.ts';

/** A batch with at most this share left is nearly done: what is left joins the next batch. */
const nearlyThrough = 0.1;

/**
 * The bills that a run has released lately and that are still on their way, oldest batch first. A keeper that
 * starts knows of none: what was released before it counts as done.
 */
export class OpenBatches {
  readonly #batches: (readonly BillId[])[] = [];
  #size = 0;

  /** The number of bills. */
  get size(): number {
    return this.#size;
  }

  add(batch: readonly BillId[]): void {
    if (batch.length > 0) this.#batches.push(batch);
    this.#size += batch.length;
  }

  /**
   * Forgets bills that are done, from the oldest batch on, up to the first batch with many bills on their
   * way.
   * @param select which of these bills are still on their way
   */
  async settle(select: (batch: readonly BillId[]) => Promise<readonly BillId[]>): Promise<void> {
    for (let [batch, next] = this.#batches; batch !== undefined; [batch, next] = this.#batches) {
      const left = await select(batch);
      this.#size -= batch.length - left.length;
      const isLast = next === undefined || left.length > batch.length * nearlyThrough;
      if (left.length > 0 && isLast) {
        this.#batches[0] = left;
        return;
      }
      this.#batches.shift();
      if (left.length > 0) this.#batches[0] = [...left, ...(next ?? [])];
    }
  }
}
