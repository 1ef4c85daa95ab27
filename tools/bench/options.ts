import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readWholeNumber } from '../../src/lib/wholeNumber.ts';
import { type CipherName, cipherNames, defaultCipher } from '../../src/render/cipher/cipherRegistry.ts';

/** The options of a run, as on its command line. */
export interface BenchOptions {
  /** Members, each with one bill to send. */
  readonly bills: number;
  /** Lines on each bill. */
  readonly items: number;
  readonly cipher: CipherName;
  /** Dispatcher processes. */
  readonly processes: number;
  /** `MAX_IN_FLIGHT` of each dispatcher; undefined: the product's default. */
  readonly inFlight?: number;
  /** `KAFKA_PARTITIONS`; undefined: the product's default. */
  readonly partitions?: number;
  /** `BATCH_SIZE` of the product; undefined: the product's default. */
  readonly batchSize?: number;
  /** Settled bills of other months and members that are in the tables too. */
  readonly history: number;
  /** How long the simulated provider takes for one send. */
  readonly delay: number;
  /** How often everything is measured. The table shows the medians. */
  readonly runs: number;
  /** Another system has published all events before the first dispatcher starts: no endpoint, no outbox. */
  readonly preload: boolean;
  /** Bills are released while others are sent, not before sending begins. */
  readonly whileSending: boolean;
  /** Whether the floor is measured in turn with the product. */
  readonly floor: boolean;
  /** Bills in one batch of the floor. */
  readonly floorBatch: number;
  readonly json: boolean;
  /** The name under which the result is saved in `tools/bench/results`. */
  readonly save?: string;
}

/**
 * One for two cores: a dispatcher has a main loop and two threads, and PostgreSQL and Kafka need the rest.
 */
const defaultProcesses = Math.max(1, Math.floor(availableParallelism() / 2));

export function addBenchOptions(command: Command): Command {
  return command
    .option('--bills <n>', 'how many bills are sent in one run', parseCount, 300_000)
    .option('--items <n>', 'lines on each bill', parseCount, 8)
    .addOption(
      new Option('--cipher <name>', 'how the data are encrypted').choices(cipherNames).default(defaultCipher),
    )
    .option('--processes <n>', 'dispatcher processes', parseCount, defaultProcesses)
    .option('--in-flight <n>', 'MAX_IN_FLIGHT of each of them (default: the product’s)', parseCount)
    .option('--partitions <n>', 'partitions of each topic (default: the product’s)', parseCount)
    .option('--batch-size <n>', 'BATCH_SIZE of the product (default: its own)', parseCount)
    .option('--history <bills>', 'settled bills of other months in the tables', parseWhole, 0)
    .option('--delay <ms>', 'how long the provider takes for one send', parseWhole, 1_000)
    .option('--runs <n>', 'how often to measure; the medians are shown', parseCount, 3)
    .addOption(
      new Option('--preload', 'events come from elsewhere: no outbox')
        .default(false)
        .conflicts('whileSending'),
    )
    .option('--while-sending', 'release the bills while others are sent, instead of before', false)
    .option('--no-floor', 'measure the product only')
    .option('--floor-batch <n>', 'bills in one batch of the floor', parseCount, 500)
    .option('--json', 'end with one line of JSON', false)
    .option('--save <name>', 'save the result for BENCHMARKS.md', parseName);
}

export function parseCount(text: string): number {
  const count = readWholeNumber(text, 1);
  if (count === undefined) throw new InvalidArgumentError('must be a positive integer.');
  return count;
}

function parseWhole(text: string): number {
  const whole = readWholeNumber(text, 0);
  if (whole === undefined) throw new InvalidArgumentError('must be a whole number, 0 or more.');
  return whole;
}

export function parseName(text: string): string {
  if (!/^[a-z0-9-]+$/.test(text)) throw new InvalidArgumentError('must be small letters, digits and dashes.');
  return text;
}
