import { Command } from 'commander';
import { BillcastError } from '../src/errors.ts';
import { loadTest } from './loadTest.ts';
import { addBenchOptions, type BenchOptions } from './options.ts';
import { printLoadTest } from './report/printLoadTest.ts';

const program = new Command('bench').description('bills per second from end to end, and what they cost');

addBenchOptions(program).action(async (options: BenchOptions) =>
  printLoadTest(await loadTest(options, { product: true, floor: options.floor })),
);

addBenchOptions(program.command('floor').description('the unavoidable work alone')).action(
  async (options: BenchOptions) => printLoadTest(await loadTest(options, { product: false, floor: true })),
);

program.parseAsync().catch((error: unknown) => {
  const isOurs = error instanceof BillcastError;
  process.stderr.write(
    `bench: ${isOurs ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
