import type { DispatcherId } from '../bill.ts';
import { sleep } from '../lib/sleep.ts';
import type { Logger } from '../log/log.ts';
import { createOutage } from '../log/outage.ts';
import type { Database } from './database.ts';
import { releaseLease, takeLease } from './lease.ts';
import { wordsOf } from './statementFault.ts';

export interface LeasedLoopOptions {
  readonly database: Database;
  /** The name of the lease. */
  readonly name: string;
  readonly owner: DispatcherId;
  readonly leaseMs: number;
  readonly log: Logger;
  /**
   * Does one round of the work.
   * @returns how long to rest after it
   */
  readonly round: () => Promise<number>;
  /** Called when another process has the lease. */
  readonly onOthers?: () => void;
  /** Finishes open work while the lease is still ours. */
  readonly finish?: () => Promise<void>;
}

/** Work that only the process with the lease does. */
export interface LeasedLoop {
  start(): void;
  /** Ends after the current round, and releases the lease. May be called twice. */
  stop(): Promise<void>;
}

const afterFailureMs = 1_000;

export function createLeasedLoop(options: LeasedLoopOptions): LeasedLoop {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  return {
    start() {
      running ??= run(options, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(options: LeasedLoopOptions, signal: AbortSignal): Promise<void> {
  const { database, name, owner, leaseMs, log, round, onOthers, finish } = options;
  const outage = createOutage(log, name, { wordsOf });
  let leaseUntil = 0;
  while (!signal.aborted) {
    let restMs = leaseMs / 4;
    try {
      if (performance.now() > leaseUntil - leaseMs / 2) leaseUntil = await renew(options);
      if (leaseUntil > 0) restMs = await round();
      else onOthers?.();
      outage.succeeded();
    } catch (error) {
      if (!signal.aborted) outage.failed(error);
      restMs = afterFailureMs;
    }
    await sleep(restMs, signal);
  }
  await finish?.();
  await releaseLease(database, name, owner).catch(() => undefined);
}

/** @returns the end of our lease by the monotonic clock; 0 if another process has it */
async function renew({ database, name, owner, leaseMs }: LeasedLoopOptions): Promise<number> {
  const asked = performance.now();
  return (await takeLease(database, name, { owner, ttlMs: leaseMs })) ? asked + leaseMs : 0;
}
