import type { Command } from 'commander';
import type { Database } from '../../db/database.ts';
import { letGoBills } from '../../db/outbox.ts';
import { parseMonth, parseTime } from '../arguments.ts';
import { printFacts, withSystem } from '../system.ts';

interface PublishOptions {
  month?: string;
  at?: Date;
  json?: boolean;
}

export const addPublish = (program: Command): void => {
  program
    .command('publish')
    .description('let held bills go: a running dispatcher publishes their events and sends them')
    .option('--month <YYYY-MM>', 'only the bills of this month', parseMonth)
    .option('--at <time>', 'not before this time, such as 2026-11-25T09:00+09:00', parseTime)
    .option('--json', 'print the facts as one line of JSON')
    .action((options: PublishOptions) =>
      withSystem(async ({ database }) => {
        const published = await letGoAll(database, { month: options.month, notBefore: options.at });
        printFacts({ published }, options);
      }),
    );
};

const billsAStep = 5_000;

/** Lets every held bill go, a few thousand in a transaction; what is let go already is not counted again. */
export const letGoAll = async (
  database: Database,
  which: { month?: string | undefined; notBefore?: Date | undefined } = {},
): Promise<number> => {
  let total = 0;
  for (let count = billsAStep; count === billsAStep; total += count)
    count = await letGoBills(database, { ...which, limit: billsAStep });
  return total;
};
