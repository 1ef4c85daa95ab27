import { measureFloor } from './floor/measureFloor.ts';
import { type MeasuredProduct, measureProduct } from './load/measureProduct.ts';
import type { Measured } from './measure/measureRun.ts';
import { type Summary, summarize } from './measure/summary.ts';
import type { BenchOptions } from './options.ts';
import type { Machine } from './report/machine.ts';
import { withBench } from './system/benchmark.ts';
import { say } from './system/benchServers.ts';

/** The result of a load test. */
export interface LoadTestResult {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly product: Summary | undefined;
  readonly floor: Summary | undefined;
  /** How the endpoint that released the bills answered, in each run. */
  readonly published: readonly MeasuredProduct['published'][];
}

/** What is measured in turn, so that all see the same noise of the machine. */
export interface Measure {
  readonly product: boolean;
  readonly floor: boolean;
}

/** Measures `runs` times, each time on a new copy of the same bills. */
export function loadTest(options: BenchOptions, what: Measure): Promise<LoadTestResult> {
  return withBench(options, async ({ machine, withRun }) => {
    const product: MeasuredProduct[] = [];
    const floor: Measured[] = [];
    for (let index = 1; index <= options.runs; index += 1) {
      if (what.product) {
        product.push(await withRun(`product${index}`, (run) => measureProduct(run, options)).then(logged));
      }
      if (what.floor) {
        floor.push(await withRun(`floor${index}`, (run) => measureFloor(run, options)).then(logged));
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

function logged<T extends Measured & { readonly name: string }>(measured: T): T {
  const rate = Math.round(measured.settled.steadyBillsPerSecond).toLocaleString('en');
  say(`${measured.name}: ${rate} bills/s`);
  return measured;
}
