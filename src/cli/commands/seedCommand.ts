import { type Command, InvalidArgumentError } from 'commander';
import { parseServerUrl } from '../../db/serverUrl.ts';
import { BillcastError } from '../../errors.ts';
import { addSampleBills } from '../../operations/sampleBills.ts';
import { parseCount, parseMonth } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { printFacts, type System, tell, withSystem } from '../system.ts';

interface SeedOptions {
  members: number;
  seed: number;
  month?: string;
  yes?: boolean;
  json?: boolean;
}

export function addSeed(program: Command): void {
  program
    .command('seed')
    .description('add sample members with their bills of this month and the three before; the bills are held')
    .option('--members <n>', 'how many', parseCount, 10_000)
    .option('--seed <n>', 'the same seed makes the same members', parseSeed, 1)
    .option('--month <YYYY-MM>', 'the billing month (default: this one)', parseMonth)
    .option('--yes', 'do not ask before it writes into a database of your own')
    .option('--json', 'print the facts as one line of JSON')
    .action((options: SeedOptions) => withSystem((system) => seed(system, options)));
}

async function seed(system: System, options: SeedOptions): Promise<void> {
  if (!(await maySeed(system, options))) {
    tell('Nothing was added.');
    process.exitCode = 1;
    return;
  }
  printFacts(await addSampleBills(system, options), options);
}

/**
 * Sample data goes into the embedded database without a question, into another one only if a person says so.
 * @throws BillcastError USAGE in production
 */
async function maySeed({ config, servers }: System, { members, yes }: SeedOptions): Promise<boolean> {
  if (config.production) {
    throw new BillcastError(
      'USAGE',
      'seed adds made-up members and bills; it is refused with NODE_ENV=production',
    );
  }
  if (servers.embedded.postgres) {
    return true;
  }
  const { endpoints, database } = parseServerUrl(servers.databaseUrl);
  const hosts = new Set(endpoints.map(({ host = 'this machine' }) => host));
  const where = `the database ${database} on ${[...hosts].join(', ')}`;
  return confirm(`${members.toLocaleString('en')} made-up members and their bills go into ${where}.`, {
    yes,
  });
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError('wants a whole number.');
  return seed;
}
