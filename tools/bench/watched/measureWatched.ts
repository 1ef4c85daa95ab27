import { measureProduct } from '../load/measureProduct.ts';
import type { Measured } from '../measure/measureRun.ts';
import { medianOf } from '../measure/median.ts';
import { type Summary, summarize } from '../measure/summary.ts';
import type { BenchOptions } from '../options.ts';
import type { Machine } from '../report/machine.ts';
import { withBench } from '../system/benchmark.ts';
import { say } from '../system/benchServers.ts';
import type { BenchRun } from '../system/measuredRun.ts';
import { type Watched, watchRun } from './watchRun.ts';

export interface WatchedResult {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly alone: Summary;
  readonly watched: Summary;
  /** Bills per second, watched to alone, pair by pair. */
  readonly ratios: readonly number[];
  /** Their median. */
  readonly ratio: number | undefined;
  readonly seen: readonly Watched[];
}

/** The product alone, and beside an api process that a page watches: in pairs, each second one in reverse. */
export function measureWatched(options: BenchOptions): Promise<WatchedResult> {
  return withBench(options, async ({ machine, withRun }) => {
    const [alone, watched, seen]: [Measured[], Measured[], Watched[]] = [[], [], []];
    const measureAlone = (pair: number) =>
      withRun(`alone${pair}`, async (run) => alone.push(await measureProduct(run, options)));
    const measureBoth = (pair: number) =>
      withRun(`watched${pair}`, async (run) => {
        const both = await besideWatch(run, options);
        watched.push(both.measured);
        seen.push(both.seen);
      });
    for (let pair = 1; pair <= options.runs; pair += 1) {
      const order = pair % 2 === 1 ? [measureAlone, measureBoth] : [measureBoth, measureAlone];
      for (const measure of order) await measure(pair);
      say(`pair ${pair}: ${ratioOf(watched.at(-1), alone.at(-1)).toFixed(3)}`);
    }
    const ratios = watched.map((one, index) => ratioOf(one, alone[index]));
    const ratio = medianOf(ratios, (one) => one);
    return { machine, options, alone: summarize(alone), watched: summarize(watched), ratios, ratio, seen };
  });
}

async function besideWatch(run: BenchRun, options: BenchOptions) {
  const watch = await watchRun(run);
  try {
    const measured = await measureProduct(run, options);
    return { measured, seen: await watch.stop() };
  } catch (error) {
    await watch.stop();
    throw error;
  }
}

function ratioOf(watched: Measured | undefined, alone: Measured | undefined): number {
  return (watched?.settled.steadyBillsPerSecond ?? 0) / (alone?.settled.steadyBillsPerSecond ?? Number.NaN);
}
