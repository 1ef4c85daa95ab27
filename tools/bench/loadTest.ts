import { measureFloor } from './floor/measureFloor.ts';
import { type MeasuredProduct, measureProduct } from './load/measureProduct.ts';
import type { Measured } from './measure/measureRun.ts';
import { type Summary, summarize } from './measure/summary.ts';
import type { BenchOptions } from './options.ts';
import type { Machine } from './report/machine.ts';
import { withBench } from './system/benchmark.ts';
import { say } from './system/benchServers.ts';

/** What a load test found. */
export interface LoadTestResult {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly product: Summary | undefined;
  readonly floor: Summary | undefined;
  /** Of the endpoint that let the bills go, in each run. */
  readonly published: readonly MeasuredProduct['published'][];
}

/** What is measured in turn, so that the machine's mood of the hour is the same for all. */
export interface Measure {
  readonly product: boolean;
  readonly floor: boolean;
}

/** Measures `runs` times, each time on a fresh copy of the same bills. */
export function loadTest(options: BenchOptions, what: Measure): Promise<LoadTestResult> {
  return withBench(options, async ({ machine, withRun }) => {
    const product: MeasuredProduct[] = [];
    const floor: Measured[] = [];
    for (let index = 1; index <= options.runs; index += 1) {
      if (what.product) {
        product.push(await withRun(`product${index}`, (run) => measureProduct(run, options)).then(told));
      }
      if (what.floor) {
        floor.push(await withRun(`floor${index}`, (run) => measureFloor(run, options)).then(told));
      }
    }
    return {
      machine,
      options,
      product: what.product ? summarize(product) : undefined,
      floor: what.floor ? summarize(floor) : undefined,
      published: product.map(({ published }) => published),
    };
  });
}

function told<T extends Measured & { readonly name: string }>(measured: T): T {
  const rate = Math.round(measured.settled.steadyBillsPerSecond).toLocaleString('en');
  say(`${measured.name}: ${rate} bills/s`);
  return measured;
}
