import type { Database } from '../db/database.ts';
import { createBoss, errorOf, isQueueMissing, queueOptions, type sweepQueues } from '../db/jobQueue.ts';
import { wordsOf } from '../db/statementFault.ts';
import { BillcastError } from '../errors.ts';
import type { Logger } from '../log/log.ts';
import { createOutage, type Outage } from '../log/outage.ts';
import { applyReceipts, type ReceiptReport } from './applyReceipts.ts';
import { type DoubtReport, resolveDoubts } from './resolveDoubts.ts';
import { type SweepReport, sweep } from './sweep.ts';
import type { SweepDeps } from './sweepDeps.ts';

/** Sweeps every `intervalMs`; of all processes with a sweeper on the same database, one at a time. */
export interface Sweeper {
  /**
   * May be called again after a failure.
   * @throws BillcastError SCHEMA_MISMATCH if pg-boss's tables are missing or of another version
   */
  start(): Promise<void>;
  /** Waits up to 5 s for the current sweep and look-ups. May be called twice. */
  stop(): Promise<void>;
}

export interface SweeperDeps {
  /** The database of the job queue. */
  readonly database: Database;
  readonly log: Logger;
  /** For the sweeps and look-ups themselves. */
  readonly sweep: SweepDeps;
  readonly onSwept?: (report: SweepReport) => void;
  readonly onLookedUp?: (report: DoubtReport) => void;
  readonly onReceipts?: (report: ReceiptReport) => void;
}

/** How long a round starts look-ups; bills not asked about by then come first in the next round. */
const askForMs = 10_000;
/** How long a round applies receipts; the rest come first in the next round. */
const applyForMs = 10_000;

/**
 * A periodic job. Each has its own queue: look-ups that hang must not delay the claims of a dead dispatcher.
 */
interface Duty {
  readonly queue: (typeof sweepQueues)[number];
  /** The component in log lines about outages. */
  readonly component: string;
  readonly run: () => Promise<unknown>;
}

/** The worker of a duty, by pg-boss's id. */
interface Worker {
  readonly queue: Duty['queue'];
  readonly id: string;
}

/**
 * pg-boss decides which process gets the turn. Each process requests a turn per interval, `singletonSeconds`
 * merges the requests of one interval into one job, and the policy `stately` allows only one active job. The
 * process whose request became the job looks for it at once; all look once per interval, for the turns of
 * those that died. If a process is killed in its turn, the turn ends when its heartbeat is missed, 10 s
 * later. A lost turn costs nothing: the next one sees the same rows.
 */
export function createSweeper(deps: SweeperDeps, { intervalMs }: { readonly intervalMs: number }): Sweeper {
  const { database, log } = deps;
  const boss = createBoss(database);
  // Used for the queue only: a sweep also asks Kafka.
  const queueOutage = createOutage(log, 'pg-boss', { wordsOf });
  boss.on('error', (emitted) => queueOutage.failed(errorOf(emitted)));
  const stopping = new AbortController();
  const { signal } = stopping;
  const duties: readonly Duty[] = [
    {
      queue: 'billcast-sweep',
      component: 'sweeper',
      run: async () => {
        const report = await sweep(deps.sweep);
        deps.onSwept?.(report);
      },
    },
    {
      queue: 'billcast-lookups',
      component: 'lookups',
      run: async () => {
        const report = await resolveDoubts(deps.sweep, { forMs: askForMs, signal });
        deps.onLookedUp?.(report);
      },
    },
    {
      queue: 'billcast-receipts',
      component: 'receipts',
      run: async () => {
        const report = await applyReceipts(deps.sweep, { forMs: applyForMs, signal });
        deps.onReceipts?.(report);
      },
    },
  ];
  const intervalSeconds = Math.max(1, Math.round(intervalMs / 1_000));
  let timer: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  const requestTurns = (workers: readonly Worker[]): void => {
    for (const { queue, id } of workers) {
      boss.send(queue, null, { singletonSeconds: intervalSeconds }).then((job) => {
        queueOutage.succeeded();
        if (job !== null && !signal.aborted) boss.notifyWorker(id);
      }, queueOutage.failed);
    }
  };

  return {
    async start() {
      await boss.start().catch((cause: unknown) => {
        throw isQueueMissing(cause) ? schemaMismatch(cause) : cause;
      });
      const workers: Worker[] = [];
      for (const { queue, component, run } of duties) {
        await boss.createQueue(queue, queueOptions);
        const id = await boss.work(
          queue,
          { pollingIntervalSeconds: intervalSeconds },
          reporting(createOutage(log, component, { wordsOf }), run),
        );
        workers.push({ queue, id });
      }
      if (signal.aborted) return;
      requestTurns(workers);
      timer = setInterval(requestTurns, intervalSeconds * 1_000, workers);
    },
    stop() {
      stopping.abort();
      clearInterval(timer);
      stopped ??= boss.stop({ graceful: true, timeout: 5_000 });
      return stopped;
    },
  };
}

function schemaMismatch(cause: unknown): BillcastError {
  return new BillcastError(
    'SCHEMA_MISMATCH',
    "pg-boss's tables are missing or of another version: run `npx billcast migrate` of the newest " +
      'billcast in use',
    { cause },
  );
}

function reporting(outage: Outage, run: () => Promise<unknown>) {
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
