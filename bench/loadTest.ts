import { type MeasuredProduct, measureProduct } from './load/measureProduct.ts';
import { type Summary, summarize } from './measure/summary.ts';
import type { BenchOptions } from './options.ts';
import type { Machine } from './report/machine.ts';
import { withBench } from './system/bench.ts';
import { say } from './system/benchServers.ts';

/** What a load test found; `product.json` of the results. */
export interface LoadTestResult {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly product: Summary;
  /** Of the endpoint that let the bills go, of each run. */
  readonly published: readonly MeasuredProduct['published'][];
}

/** Measures the product `runs` times, each time on a fresh copy of the same bills. */
export const loadTest = (options: BenchOptions): Promise<LoadTestResult> =>
  withBench(options, async ({ machine, withRun }) => {
    const product: MeasuredProduct[] = [];
    for (let index = 1; index <= options.runs; index += 1) {
      const measured = await withRun(`product${index}`, (run) => measureProduct(run, options));
      say(`Run ${index}: ${Math.round(measured.settled.steadyBillsPerSecond).toLocaleString('en')} bills/s.`);
      product.push(measured);
    }
    return {
      machine,
      options,
      product: summarize(product),
      published: product.map(({ published }) => published),
    };
  });
