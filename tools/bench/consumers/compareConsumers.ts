import type { BenchOptions } from '../options.ts';
import type { Machine } from '../report/machine.ts';
import { withBench } from '../system/benchmark.ts';
import { say } from '../system/benchServers.ts';
import { type ConsumerResult, consumerNames, measureConsumer } from './measureConsumer.ts';

export interface ConsumerComparison {
  readonly machine: Machine;
  readonly options: BenchOptions;
  readonly consumers: readonly ConsumerResult[];
}

/** Each consumer sends the same bills in turn, and is killed once in the middle. */
export function compareConsumers(options: BenchOptions): Promise<ConsumerComparison> {
  return withBench(options, async ({ machine, withRun }) => {
    const consumers: ConsumerResult[] = [];
    for (const name of consumerNames) {
      const result = await withRun(name.toLowerCase(), (run) => measureConsumer(run, name, options));
      say(
        `${name}: ${Math.round(result.messagesPerSecond)}/s, lost ${result.lost}, twice ${result.duplicated}`,
      );
      consumers.push(result);
    }
    return { machine, options, consumers };
  });
}
