import type { DispatcherId } from '../bill.ts';
import type { Database } from '../db/database.ts';
import { heartbeat } from '../db/transitions/claimBatches.ts';
import type { Logger } from '../log/log.ts';

/**
 * Says five times in `CLAIM_TTL_MS` that this dispatcher is alive, from its main loop: a loop that stands still is as
 * dead as a process that is gone, and its bills are taken back.
 *
 * It also knows whether others may be judged by their silence. After an outage of the database every heartbeat is old,
 * and those who live need a moment to beat: until this one has been steady for a while, nobody counts as dead.
 */
export function createHeartbeat(options: {
  database: Database;
  id: DispatcherId;
  name: string;
  claimTtlMs: number;
  log: Logger;
}) {
  const { database, id, name, claimTtlMs, log } = options;
  const everyMs = claimTtlMs / 5;
  const gapMs = claimTtlMs / 2;
  let lastBeatAt = Number.NEGATIVE_INFINITY;
  let steadySince = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let beating = Promise.resolve();
  let stopped = false;

  const beat = async (): Promise<void> => {
    await heartbeat(database, id, name).then(hasBeaten, (error: unknown) => {
      if (!stopped) log.error({ err: error }, 'heartbeat failed');
    });
    if (!stopped) timer = setTimeout(beatAgain, everyMs);
  };
  const beatAgain = (): void => {
    beating = beat();
  };
  /** The first one of a process follows no outage that it knows of, and waits half as long. */
  const hasBeaten = (): void => {
    const now = performance.now();
    if (now - lastBeatAt > gapMs) steadySince = lastBeatAt === Number.NEGATIVE_INFINITY ? now - gapMs : now;
    lastBeatAt = now;
  };

  return {
    /** Resolves when the first one is written: nothing is to be claimed before. */
    async start(): Promise<void> {
      beatAgain();
      await beating;
    },
    /** Whether a dispatcher that has been silent for `CLAIM_TTL_MS` is dead, and not only cut off as we were. */
    mayJudge(): boolean {
      const now = performance.now();
      return now - lastBeatAt <= gapMs && now - steadySince >= claimTtlMs;
    },
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await beating;
    },
  };
}
