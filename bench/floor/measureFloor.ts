import { type Measured, measureRun } from '../measure/measureRun.ts';
import type { BenchOptions } from '../options.ts';
import { produceEvents } from '../publish/produceEvents.ts';
import { startMeasuredProcess } from '../system/measuredProcess.ts';
import type { Run } from '../system/run.ts';

/** Sends a database of bills with the floor; all events are in Kafka before, since nothing of it publishes. */
export const measureFloor = async (run: Run, { bills, floorBatch }: BenchOptions): Promise<Measured> => {
  await produceEvents(run.topics, bills);
  return measureRun({
    ...run,
    start: async () => [
      await startMeasuredProcess('bench/floor/floorProcess.ts', {
        name: run.name,
        env: run.env,
        args: [String(floorBatch)],
      }),
    ],
    drive: () => Promise.resolve(),
  });
};
