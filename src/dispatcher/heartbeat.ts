import type { DispatcherId } from '../bill.ts';
import { heartbeat } from '../db/claimBatches.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log.ts';

/**
 * Says every `everyMs` that this dispatcher is alive, from its main loop: a loop that stands still is as dead
 * as a process that is gone, and its bills are taken back.
 */
export const createHeartbeat = (options: {
  database: Database;
  id: DispatcherId;
  name: string;
  everyMs: number;
  log: Logger;
}) => {
  const { database, id, name, everyMs, log } = options;
  let timer: NodeJS.Timeout | undefined;
  let beating = Promise.resolve();
  let stopped = false;

  const beat = async (): Promise<void> => {
    await heartbeat(database, id, name).catch((error: unknown) => {
      if (!stopped) log.error({ error }, 'heartbeat failed');
    });
    if (!stopped) timer = setTimeout(beatAgain, everyMs);
  };
  const beatAgain = (): void => {
    beating = beat();
  };

  return {
    /** Resolves when the first one is written: nothing is to be claimed before. */
    async start(): Promise<void> {
      beatAgain();
      await beating;
    },
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await beating;
    },
  };
};
