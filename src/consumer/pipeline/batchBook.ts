import type { ClaimToken } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { forgetSettledBatches } from '../../db/transitions/claimBatches.ts';
import type { ThrottledLog } from '../../log/throttledLog.ts';

/** Counts the open bills of each claimed batch, and deletes the rows of batches that have none left. */
export class BatchBook {
  readonly #database: Database;
  readonly #throttledLog: ThrottledLog;
  #closed: ClaimToken[] = [];

  constructor({ database, throttledLog }: { database: Database; throttledLog: ThrottledLog }) {
    this.#database = database;
    this.#throttledLog = throttledLog;
  }

  /** @param bills how many were claimed with this token */
  open(token: ClaimToken, bills: number): OpenBatch {
    return new OpenBatch(bills, () => this.#closed.push(token));
  }

  /** Deletes the rows of closed batches, if there are at least `atLeast` of them. */
  async deleteClosed({ atLeast }: { atLeast: number }): Promise<void> {
    if (this.#closed.length < atLeast) return;
    const tokens = this.#closed;
    this.#closed = [];
    try {
      await forgetSettledBatches(this.#database, tokens);
    } catch (error) {
      // Their bills are settled: the sweeper deletes them too, only later.
      this.#throttledLog.warn('settled batches cannot be deleted now', { err: error }, tokens.length);
      this.#closed.push(...tokens);
    }
  }
}

/** A batch with bills that are still open. */
export class OpenBatch {
  readonly #onClosed: () => void;
  #openBills: number;
  #isKept = false;

  constructor(bills: number, onClosed: () => void) {
    this.#openBills = bills;
    this.#onClosed = onClosed;
  }

  billClosed(): void {
    this.#openBills--;
    if (this.#openBills === 0 && !this.#isKept) this.#onClosed();
  }

  /** Keeps its row: a bill still has its token, and the sweeper looks for the batch. */
  keep(): void {
    this.#isKept = true;
  }
}
