import type { Database } from '../db/database.ts';
import { createBoss, errorOf, isQueueMissing, queueOptions, type sweepQueues } from '../db/jobQueue.ts';
import { wordsOf } from '../db/statementFault.ts';
import { BillcastError } from '../errors.ts';
import type { Logger } from '../log/log.ts';
import { createOutage, type Outage } from '../log/outage.ts';
import { resolveDoubts } from './resolveDoubts.ts';
import { type SweepDeps, sweep } from './sweep.ts';

/** Sweeps every `intervalMs`, one at a time over all processes that run a sweeper on the same database. */
export interface Sweeper {
  /**
   * May be called again after it failed.
   * @throws BillcastError SCHEMA_MISMATCH if pg-boss's tables are missing or of another version
   */
  start(): Promise<void>;
  /** Waits for the sweep under way, and 5 s for look-ups. Can be called twice. */
  stop(): Promise<void>;
}

export interface SweeperOptions {
  /** Of the queue. */
  readonly database: Database;
  readonly intervalMs: number;
  readonly log: Logger;
  readonly deps: SweepDeps;
}

/** Look-ups begin for so long in one round; what is not asked by then is the first of the next. */
const askForMs = 10_000;

/** What is done by turns, each in a queue of its own: look-ups that hang must not delay what a dead dispatcher held. */
interface Duty {
  readonly queue: (typeof sweepQueues)[number];
  /** As outages are told. */
  readonly component: string;
  readonly run: () => Promise<unknown>;
}

/**
 * pg-boss decides who sweeps and who asks: each process asks for a turn once an interval, `singletonSeconds` makes one
 * job of all that ask in the same interval, and the policy `stately` lets only one be active. A turn whose process was
 * killed gives way when its heartbeat is missed, 10 s later; missing one costs nothing, since the next looks at the
 * same rows.
 */
export function createSweeper({ database, intervalMs, log, deps }: SweeperOptions): Sweeper {
  const boss = createBoss(database);
  // Of the queue alone: a sweep asks Kafka too.
  const queueOutage = createOutage(log, 'pg-boss', { wordsOf });
  boss.on('error', (emitted) => queueOutage.failed(errorOf(emitted)));
  const stopping = new AbortController();
  const { signal } = stopping;
  const duties: readonly Duty[] = [
    { queue: 'billcast-sweep', component: 'sweeper', run: () => sweep(deps) },
    {
      queue: 'billcast-lookups',
      component: 'lookups',
      run: () => resolveDoubts(deps, { forMs: askForMs, signal }),
    },
  ];
  const intervalSeconds = Math.max(1, Math.round(intervalMs / 1_000));
  let asking: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  const askForTurns = (): void => {
    for (const { queue } of duties) {
      boss
        .send(queue, null, { singletonSeconds: intervalSeconds })
        .then(queueOutage.succeeded, queueOutage.failed);
    }
  };

  return {
    async start() {
      await boss.start().catch((cause: unknown) => {
        throw isQueueMissing(cause) ? schemaMismatch(cause) : cause;
      });
      for (const { queue, component, run } of duties) {
        await boss.createQueue(queue, queueOptions);
        await boss.work(
          queue,
          { pollingIntervalSeconds: 0.5 },
          telling(createOutage(log, component, { wordsOf }), run),
        );
      }
      if (signal.aborted) return;
      askForTurns();
      asking = setInterval(askForTurns, intervalSeconds * 1_000);
    },
    stop() {
      stopping.abort();
      clearInterval(asking);
      stopped ??= boss.stop({ graceful: true, timeout: 5_000 });
      return stopped;
    },
  };
}

function schemaMismatch(cause: unknown): BillcastError {
  return new BillcastError(
    'SCHEMA_MISMATCH',
    "pg-boss's tables are missing or of another version: run `npx billcast migrate` of the newest billcast in use",
    { cause },
  );
}

function telling(outage: Outage, run: () => Promise<unknown>) {
  return async (): Promise<void> => {
    try {
      await run();
      outage.succeeded();
    } catch (error) {
      outage.failed(error);
      throw error;
    }
  };
}
