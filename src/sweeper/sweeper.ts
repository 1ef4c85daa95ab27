import { PgBoss } from 'pg-boss';
import type { Logger } from '../log.ts';
import { createOutage } from '../outage.ts';
import { type SweepParts, sweep } from './sweep.ts';

/** Sweeps every `intervalMs`, one at a time over all processes that run a sweeper on the same database. */
export interface Sweeper {
  /** May be called again after it failed. */
  start(): Promise<void>;
  /** Waits for the sweep under way. Can be called twice. */
  stop(): Promise<void>;
}

export interface SweeperOptions {
  readonly databaseUrl: string;
  readonly intervalMs: number;
  readonly log: Logger;
  readonly parts: SweepParts;
}

const queue = 'billcast-sweep';

/**
 * pg-boss decides who sweeps: each process asks for a sweep once an interval, `singletonSeconds` makes one job
 * of all that ask in the same interval, and the policy `stately` lets only one be active. A sweep whose
 * process was killed gives way when its heartbeat is missed, 10 s later; missing one costs nothing, since the
 * next looks at the same rows.
 */
export const createSweeper = ({ databaseUrl, intervalMs, log, parts }: SweeperOptions): Sweeper => {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: 'billcast-sweeper',
    max: 2,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  // Two, because a sweep asks Kafka too: the queue's answers say nothing of that.
  const outages = { queue: createOutage(log, 'pg-boss'), sweep: createOutage(log, 'sweeper') };
  boss.on('error', outages.queue.failed);
  const intervalSeconds = Math.max(1, Math.round(intervalMs / 1_000));
  let asking: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  const ask = (): void => {
    boss
      .send(queue, null, { singletonSeconds: intervalSeconds })
      .then(outages.queue.succeeded, outages.queue.failed);
  };

  const sweepOnce = async (): Promise<void> => {
    try {
      await sweep(parts);
      outages.sweep.succeeded();
    } catch (error) {
      outages.sweep.failed(error);
      throw error;
    }
  };

  return {
    async start() {
      await boss.start();
      await boss.createQueue(queue, {
        policy: 'stately',
        retryLimit: 0,
        expireInSeconds: 600,
        heartbeatSeconds: 10,
        retentionSeconds: 60,
        deleteAfterSeconds: 3_600,
      });
      await boss.work(queue, { pollingIntervalSeconds: 0.5 }, sweepOnce);
      if (stopped !== undefined) return;
      ask();
      asking = setInterval(ask, intervalSeconds * 1_000);
    },
    stop() {
      clearInterval(asking);
      stopped ??= boss.stop({ graceful: true, timeout: 5_000 });
      return stopped;
    },
  };
};
