import { type Measured, measureRun } from '../measure/measureRun.ts';
import type { BenchOptions } from '../options.ts';
import { produceEvents } from '../publish/produceEvents.ts';
import { createPublishEndpoint } from '../publish/publishEndpoint.ts';
import { type PublishReport, publishThroughApi } from '../publish/publishThroughApi.ts';
import type { Run } from '../system/run.ts';
import { startDispatchers } from './dispatchers.ts';

export type MeasuredProduct = Measured & {
  /** How the endpoint answered; undefined where everything was published before. */
  readonly published: PublishReport | undefined;
};

/** Sends a database of bills with the product's own processes. */
export const measureProduct = async (run: Run, options: BenchOptions): Promise<MeasuredProduct> => {
  let published: PublishReport | undefined;
  if (options.preload) await produceEvents(run.topics, options.bills);
  const measured = await measureRun({
    ...run,
    start: () => startDispatchers(options.processes, run),
    drive: async () => {
      if (options.preload) return;
      published = await publishThroughApi(createPublishEndpoint(run.database), options.bills);
    },
  });
  return { ...measured, published };
};
