import { setTimeout as sleep } from 'node:timers/promises';
import { setPaused } from '../../../src/db/control.ts';
import type { Database } from '../../../src/db/database.ts';
import { isAnythingOwed } from '../benchRows.ts';
import { type Measured, measureRun } from '../measure/measureRun.ts';
import type { BenchOptions } from '../options.ts';
import { produceEvents } from '../publish/produceEvents.ts';
import { createPublishEndpoint } from '../publish/publishEndpoint.ts';
import { type PublishReport, publishThroughApi } from '../publish/publishThroughApi.ts';
import { throwIfInterrupted } from '../system/interruption.ts';
import type { BenchRun } from '../system/measuredRun.ts';
import { startDispatchers } from './dispatchers.ts';

export type MeasuredProduct = Measured & {
  /** How the endpoint answered; undefined if everything was published before. */
  readonly published: ProductPublishReport | undefined;
};

export type ProductPublishReport = PublishReport & {
  /** From the first request until the outbox was empty; undefined if bills were sent meanwhile. */
  readonly eventsPerSecond: number | undefined;
};

/** Sends all bills with the processes of the product. */
export async function measureProduct(run: BenchRun, options: BenchOptions): Promise<MeasuredProduct> {
  let published: ProductPublishReport | undefined;
  const { preload, whileSending, bills } = options;
  if (preload) await produceEvents(run.topics, bills);
  else if (!whileSending) await setPaused(run.database, true, byBench);
  const measured = await measureRun({
    ...run,
    start: () => startDispatchers(options.processes, run),
    drive: async () => {
      if (whileSending) published = { ...(await publish(run, bills)), eventsPerSecond: undefined };
      else if (!preload) published = await publishThenResume(run, bills);
    },
  });
  return { ...measured, published };
}

const byBench = { by: 'bench', reason: 'publishes first' };

async function publish({ database }: BenchRun, bills: number): Promise<PublishReport> {
  return publishThroughApi(await createPublishEndpoint(database), bills);
}

/** Paused dispatchers still relay, so that publishing and sending are measured one after the other. */
async function publishThenResume(run: BenchRun, bills: number): Promise<ProductPublishReport> {
  const startedMs = performance.now();
  const report = await publish(run, bills);
  await untilNothingIsOwed(run.database);
  const eventsPerSecond = (bills * 1_000) / (performance.now() - startedMs);
  await setPaused(run.database, false, byBench);
  return { ...report, eventsPerSecond };
}

const pollMs = 100;

async function untilNothingIsOwed(database: Database): Promise<void> {
  while (await isAnythingOwed(database)) {
    throwIfInterrupted();
    await sleep(pollMs);
  }
}
