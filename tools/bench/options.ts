import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readWholeNumber } from '../../src/lib/wholeNumber.ts';
import { type CipherName, cipherNames, defaultCipher } from '../../src/render/cipher/cipherRegistry.ts';

/** What a run of the load test can be told on its command line. */
export interface BenchOptions {
  /** Members, each with one bill to send. */
  readonly bills: number;
  /** Lines on each bill. */
  readonly items: number;
  readonly cipher: CipherName;
  /** Dispatcher processes. */
  readonly processes: number;
  /** `MAX_IN_FLIGHT` of each of them; undefined: the product's own default. */
  readonly inFlight?: number;
  /** `KAFKA_PARTITIONS`; undefined: the product's own default. */
  readonly partitions?: number;
  /** `BATCH_SIZE` of the product; undefined: its own default. */
  readonly batchSize?: number;
  /** Settled bills of other months and other members that are in the tables as well. */
  readonly history: number;
  /** How long the simulated provider takes for one send. */
  readonly delay: number;
  /** How often all is measured; the table shows the medians. */
  readonly runs: number;
  /** Another system has published all events before the first dispatcher starts: no endpoint, no outbox. */
  readonly preload: boolean;
  /** Bills are let go while others are sent, not before the sending begins. */
  readonly whileSending: boolean;
  /** Whether the floor is measured in turn with the product. */
  readonly floor: boolean;
  /** Bills in one batch of the floor. */
  readonly floorBatch: number;
  readonly json: boolean;
  /** The name under which the result is kept in `tools/bench/results`. */
  readonly save?: string;
}

/** A dispatcher keeps a main loop and two threads busy, PostgreSQL and Kafka the rest: one for two cores. */
const defaultProcesses = Math.max(1, Math.floor(availableParallelism() / 2));

export function addBenchOptions(command: Command): Command {
  return command
    .option('--bills <n>', 'how many bills are sent in one run', parseCount, 300_000)
    .option('--items <n>', 'lines on each bill', parseCount, 8)
    .addOption(
      new Option('--cipher <name>', 'how the data are sealed').choices(cipherNames).default(defaultCipher),
    )
    .option('--processes <n>', 'dispatcher processes', parseCount, defaultProcesses)
    .option('--in-flight <n>', 'MAX_IN_FLIGHT of each of them (default: the product’s)', parseCount)
    .option('--partitions <n>', 'partitions of each topic (default: the product’s)', parseCount)
    .option('--batch-size <n>', 'BATCH_SIZE of the product (default: its own)', parseCount)
    .option('--history <bills>', 'settled bills of other months in the tables', parseWhole, 0)
    .option('--delay <ms>', 'how long the provider takes for one send', parseWhole, 1_000)
    .option('--runs <n>', 'how often; the medians are shown', parseCount, 3)
    .addOption(
      new Option('--preload', 'events come from elsewhere: no outbox')
        .default(false)
        .conflicts('whileSending'),
    )
    .option('--while-sending', 'let the bills go while others are sent, instead of before', false)
    .option('--no-floor', 'measure the product only')
    .option('--floor-batch <n>', 'bills in one batch of the floor', parseCount, 500)
    .option('--json', 'end with one line of JSON', false)
    .option('--save <name>', 'keep the result for BENCHMARKS.md', parseName);
}

function parseCount(text: string): number {
  const count = readWholeNumber(text, 1);
  if (count === undefined) throw new InvalidArgumentError('must be a positive integer.');
  return count;
}

function parseWhole(text: string): number {
  const whole = readWholeNumber(text, 0);
  if (whole === undefined) throw new InvalidArgumentError('must be a whole number, 0 or more.');
  return whole;
}

function parseName(text: string): string {
  if (!/^[a-z0-9-]+$/.test(text)) throw new InvalidArgumentError('wants small letters, digits and dashes.');
  return text;
}
