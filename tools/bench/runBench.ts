import { Argument, Command } from 'commander';
import { BillcastError } from '../../src/errors.ts';
import { compareConsumers } from './consumers/compareConsumers.ts';
import { measureLatency } from './latency/measureLatency.ts';
import { loadTest } from './loadTest.ts';
import { addBenchOptions, type BenchOptions } from './options.ts';
import { measureQuestions } from './questions/measureQuestions.ts';
import { addQuestionOptions, type GivenQuestions, questionOptions } from './questions/questionOptions.ts';
import { consumersReport } from './report/consumersReport.ts';
import { latencyReport } from './report/latencyReport.ts';
import { loadReport } from './report/loadReport.ts';
import { publishReport } from './report/publishReport.ts';
import { questionsReport } from './report/questionsReport.ts';
import { scaleReport } from './report/scaleReport.ts';
import { watchedReport } from './report/watchedReport.ts';
import { wireReport } from './report/wireReport.ts';
import { writeBenchmarks } from './report/writeBenchmarks.ts';
import { type Dimension, dimensionNames } from './scale/dimensions.ts';
import { measureScale } from './scale/measureScale.ts';
import { endOnSignals } from './system/interruption.ts';
import { measureWatched } from './watched/measureWatched.ts';
import { measureWire } from './wire/measureWire.ts';
import { type WireProviderName, wireProviderNames, wireProviderOf } from './wire/wireProviders.ts';

const program = new Command('bench')
  .description('measure bills per second from end to end, and their cost')
  .enablePositionalOptions();

addBenchOptions(program).action(async (options: BenchOptions) =>
  publishReport(loadReport(await loadTest(options, { product: true, floor: options.floor })), options),
);

addBenchOptions(program.command('floor').description('the unavoidable work alone')).action(
  async (options: BenchOptions) =>
    publishReport(loadReport(await loadTest(options, { product: false, floor: true })), options),
);

addBenchOptions(
  program.command('consumers').description('five ways to consume, each killed with -9 once'),
).action(async (options: BenchOptions) =>
  publishReport(consumersReport(await compareConsumers(options)), options),
);

addBenchOptions(
  program
    .command('scale')
    .description('the product alone over one dimension')
    .addArgument(new Argument('<dimension>', 'what to vary').choices(dimensionNames)),
).action(async (dimension: Dimension, options: BenchOptions) =>
  publishReport(scaleReport(await measureScale(dimension, options)), options),
);

addBenchOptions(program.command('latency').description('bills that come alone')).action(
  async (options: BenchOptions) => publishReport(latencyReport(await measureLatency(options)), options),
);

addBenchOptions(
  program
    .command('wire')
    .description('through real sockets to a process on this machine, in turn with its floor')
    .addArgument(new Argument('[provider]', 'which protocol').choices(wireProviderNames).default('http')),
).action(async (provider: WireProviderName, given: BenchOptions, command: Command) => {
  const isDelayGiven = command.getOptionValueSource('delay') !== 'default';
  const options = isDelayGiven ? given : { ...given, delay: wireProviderOf(provider).usualDelayMs };
  return publishReport(wireReport(await measureWire(provider, options)), options);
});

addBenchOptions(
  program.command('watched').description('in pairs, alone and beside an api process that a page watches'),
).action(async (options: BenchOptions) =>
  publishReport(watchedReport(await measureWatched(options)), options),
);

addQuestionOptions(
  program.command('questions').description('how long a running api takes to answer what people ask all day'),
).action(async (given: GivenQuestions) =>
  publishReport(questionsReport(await measureQuestions(questionOptions(given))), given),
);

program.command('report').description('write BENCHMARKS.md from the saved results').action(writeBenchmarks);

endOnSignals();
program.parseAsync().catch((error: unknown) => {
  const isOurs = error instanceof BillcastError;
  process.stderr.write(
    `bench: ${isOurs ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
