import type { ClaimToken } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { renewBatches } from '../../db/transitions/claimBatches.ts';
import type { ThrottledLog } from '../../log/throttledLog.ts';

/** Keeps a batch that takes long to render from being taken back as abandoned. */
export interface BatchRenewal {
  /** While `work` runs, the batch with this token is renewed, so that it counts as young. */
  during<T>(token: ClaimToken, work: Promise<T>): Promise<T>;
}

export interface BatchRenewalOptions {
  readonly database: Database;
  readonly throttledLog: ThrottledLog;
  /** How often batches are renewed: several times within `BATCH_MAX_AGE_MS`. */
  readonly everyMs: number;
}

/**
 * A batch older than `BATCH_MAX_AGE_MS` counts as abandoned. Rendering may take longer, since each bill has
 * its own time limit, so a batch is renewed while it is being rendered. One that is rendered soon costs no
 * statement.
 */
export function createBatchRenewal({ database, throttledLog, everyMs }: BatchRenewalOptions): BatchRenewal {
  /** Per batch: how many works run, and since when. */
  const underWay = new Map<ClaimToken, { works: number; readonly sinceMs: number }>();
  let timer: NodeJS.Timeout | undefined;

  const renew = (): void => {
    const longAgoMs = performance.now() - everyMs;
    const old = [...underWay].flatMap(([token, { sinceMs }]) => (sinceMs <= longAgoMs ? [token] : []));
    if (old.length === 0) return;
    renewBatches(database, old).catch((error: unknown) => {
      throttledLog.warn('batch that is being rendered cannot be renewed', { err: error });
    });
  };

  const end = (token: ClaimToken): void => {
    const entry = underWay.get(token);
    if (entry !== undefined && --entry.works === 0) underWay.delete(token);
    if (underWay.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    during(token, work) {
      const entry = underWay.get(token);
      if (entry === undefined) underWay.set(token, { works: 1, sinceMs: performance.now() });
      else entry.works++;
      timer ??= setInterval(renew, everyMs / 2).unref();
      return work.finally(() => end(token));
    },
  };
}
