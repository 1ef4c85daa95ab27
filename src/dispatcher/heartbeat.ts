import type { Database } from '../db/database.ts';
import { type Beating, heartbeat } from '../db/transitions/claimBatches.ts';
import type { Logger } from '../log/log.ts';

export interface Heartbeat {
  /** Resolves when the first heartbeat is written: nothing may be claimed before. */
  start(): Promise<void>;
  /**
   * Whether silence for `CLAIM_TTL_MS` proves that a dispatcher is dead. Not if the database was away: then
   * all were silent.
   */
  mayJudge(): boolean;
  stop(): Promise<void>;
}

/**
 * Writes five times per `CLAIM_TTL_MS` that this dispatcher is alive, from its main loop: a loop that stands
 * still is as dead as a process that has ended, and its bills are taken back.
 *
 * It also knows whether others may be judged by their silence. After an outage of the database every
 * heartbeat is old, and living dispatchers need a moment to write the next one. Until ours has been steady
 * for a while, nobody counts as dead.
 */
export function createHeartbeat(
  options: Beating & {
    readonly database: Database;
    readonly claimTtlMs: number;
    readonly log: Logger;
  },
): Heartbeat {
  const { database, claimTtlMs, log } = options;
  const everyMs = claimTtlMs / 5;
  const gapMs = claimTtlMs / 2;
  let lastBeatAt = Number.NEGATIVE_INFINITY;
  let steadySince = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let beating = Promise.resolve();
  let stopped = false;

  const beat = async (): Promise<void> => {
    await heartbeat(database, options).then(hasBeaten, (error: unknown) => {
      if (!stopped) log.error({ err: error }, 'heartbeat failed');
    });
    if (!stopped) timer = setTimeout(beatAgain, everyMs);
  };
  const beatAgain = (): void => {
    beating = beat();
  };
  /** The first heartbeats of a process follow no known outage, so it waits half as long. */
  const hasBeaten = (): void => {
    const now = performance.now();
    if (now - lastBeatAt > gapMs) steadySince = lastBeatAt === Number.NEGATIVE_INFINITY ? now - gapMs : now;
    lastBeatAt = now;
  };

  return {
    async start(): Promise<void> {
      beatAgain();
      await beating;
    },
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
