import type { ClaimToken } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { renewBatches } from '../../db/transitions/claimBatches.ts';
import type { ThrottledLog } from '../../log/throttledLog.ts';

/** Keeps a batch that takes long to render from being taken back as abandoned. */
export interface BatchRenewal {
  /** While `work` runs, the batch of this token counts as young. */
  during<T>(token: ClaimToken, work: Promise<T>): Promise<T>;
}

export interface BatchRenewalOptions {
  readonly database: Database;
  readonly throttledLog: ThrottledLog;
  /** Several times within BATCH_MAX_AGE_MS. */
  readonly everyMs: number;
}

/**
 * `BATCH_MAX_AGE_MS` finds batches that nobody works on. A batch that is being rendered is worked on, however
 * long that takes, since each bill has its own time limit. Batches that end sooner cost no statement.
 */
export function createBatchRenewal({ database, throttledLog, everyMs }: BatchRenewalOptions): BatchRenewal {
  /** How many works run, and since when. */
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
