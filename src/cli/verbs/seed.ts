import { type Command, InvalidArgumentError } from 'commander';
import { parseCount, parseMonth } from '../arguments.ts';
import { addSampleBills } from '../sampleBills.ts';
import { printFacts, withSystem } from '../system.ts';

interface SeedOptions {
  members: number;
  seed: number;
  month?: string;
  json?: boolean;
}

export const addSeed = (program: Command): void => {
  program
    .command('seed')
    .description('add sample members with their bills of this month and the three before; the bills are held')
    .option('--members <n>', 'how many', parseCount, 10_000)
    .option('--seed <n>', 'the same seed makes the same members', parseSeed, 1)
    .option('--month <YYYY-MM>', 'the billing month (default: this one)', parseMonth)
    .option('--json', 'print the facts as one line of JSON')
    .action((options: SeedOptions) =>
      withSystem(async (system) => printFacts(await addSampleBills(system, options), options)),
    );
};

const parseSeed = (text: string): number => {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError('wants a whole number.');
  return seed;
};
