import { type Measured, measureRun } from '../measure/measureRun.ts';
import type { BenchOptions } from '../options.ts';
import { produceEvents } from '../publish/produceEvents.ts';
import { publishThroughApi } from '../publish/publishThroughApi.ts';
import { startMeasuredProcess } from '../system/measuredProcess.ts';
import type { BenchRun } from '../system/measuredRun.ts';
import { createFloorEndpoint } from './floorEndpoint.ts';

/** Sends all bills with the floor. They are published at the same point as the product's. */
export async function measureFloor(run: BenchRun, options: BenchOptions): Promise<Measured> {
  if (!options.whileSending) await produceEvents(run.topics, options.bills);
  return measureRun({
    ...run,
    start: async () => [
      await startMeasuredProcess('tools/bench/floor/floorProcess.ts', {
        name: run.name,
        env: run.env,
        args: [String(options.floorBatch)],
      }),
    ],
    drive: async () => {
      if (options.whileSending) await publishCheaply(run, options.bills);
    },
  });
}

async function publishCheaply({ topics, database }: BenchRun, bills: number): Promise<void> {
  const producer = topics.kafka.producer();
  await producer.connect();
  try {
    await publishThroughApi(createFloorEndpoint(database, { producer, topic: topics.EMAIL }), bills);
  } finally {
    await producer.disconnect();
  }
}
