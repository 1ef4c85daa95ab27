import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../src/db/database.ts';
import { allSettled } from '../benchRows.ts';
import type { BenchServers } from '../system/benchServers.ts';
import { throwIfInterrupted } from '../system/interruption.ts';
import type { MeasuredProcess } from '../system/measuredProcess.ts';
import { type DatabaseWork, watchDatabaseWork } from './databaseWork.ts';
import { readSettled, type Settled } from './settled.ts';
import { type ProcessUsage, watchUsage } from './usage.ts';

/** All figures of one run. */
export interface Measured {
  readonly name: string;
  readonly settled: Settled;
  readonly usage: ProcessUsage;
  readonly work: DatabaseWork;
}

/** What is measured. */
export interface Running {
  readonly name: string;
  readonly servers: BenchServers;
  readonly database: Database;
  /** The last bill that is measured. */
  readonly lastBillId: number;
  /** Starts the processes. */
  readonly start: () => Promise<MeasuredProcess[]>;
  /** Runs while the processes are measured. */
  readonly drive: () => Promise<void>;
}

const pollMs = 500;

/** Measures from now until every bill is settled. */
export async function measureRun(run: Running): Promise<Measured> {
  const work = await watchDatabaseWork(run.database);
  const usage = await useUntilSettled(run);
  return {
    name: run.name,
    settled: await readSettled(run.database, run.lastBillId),
    usage,
    work: await work.end(),
  };
}

/** Returns after the processes have ended, since PostgreSQL's counters are complete only then. */
async function useUntilSettled({
  servers,
  database,
  lastBillId,
  start,
  drive,
}: Running): Promise<ProcessUsage> {
  const processes = await start();
  const watching = watchUsage({ node: processes.map(({ pid }) => pid), ...servers.pids });
  try {
    await Promise.all([drive(), untilSettled({ database, lastBillId }, processes)]);
    return watching.end();
  } finally {
    watching.end();
    await Promise.all(processes.map((process) => process.stop()));
  }
}

async function untilSettled(
  { database, lastBillId }: Pick<Running, 'database' | 'lastBillId'>,
  processes: readonly MeasuredProcess[],
): Promise<void> {
  while (!(await allSettled(database, lastBillId))) {
    throwIfInterrupted();
    const died = processes.map((process) => process.ended()).find((why) => why !== undefined);
    if (died !== undefined) throw new Error(died);
    await sleep(pollMs);
  }
}
