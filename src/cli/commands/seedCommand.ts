import { type Command, InvalidArgumentError } from 'commander';
import { parseServerUrl } from '../../db/serverUrl.ts';
import { addSampleBills, refuseInProduction } from '../../operations/addSampleBills.ts';
import { parseCount, parseMonth } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { confirm } from '../confirm.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withSystem } from '../openSystem.ts';
import { formatCount, printFacts, printNote } from '../output.ts';
import { printMembers } from '../progress.ts';
import { recordAccess } from '../recordAccess.ts';

interface SeedOptions {
  readonly members: number;
  readonly seed: number;
  readonly month?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function defineSeed(command: Command): void {
  addUsage(command, {
    examples: [
      ['seed --members 1000', 'add 1,000 members with their bills'],
      [
        'seed --members 1000 --month 2026-11 --seed 7',
        'the same members each time, billed for November 2026',
      ],
    ],
    exitsWith1: 'nothing was added',
  });
  command
    .description(
      'Adds sample members with their bills of this month and of the three months before. The ' +
        'bills are held.',
    )
    .option('--members <n>', 'how many members', parseCount, 10_000)
    .option('--seed <n>', 'the same seed makes the same members', parseSeed, 1)
    .option('--month <YYYY-MM>', 'the billing month (default: this month)', parseMonth)
    .option('--yes', 'do not ask before it writes into your own database')
    .addOption(jsonOption())
    .action((options: SeedOptions) => withSystem((system) => seed(system, options)));
}

async function seed(system: System, options: SeedOptions): Promise<void> {
  refuseInProduction(system.config);
  if (!(await maySeed(system, options))) {
    printNote('Nothing was added.');
    process.exitCode = 1;
    return;
  }
  const { members } = options;
  const access = { what: 'seed', reason: `${members} members` };
  const facts = await recordAccess(system.database, access, () =>
    addSampleBills(system, options, printMembers(members)),
  );
  printFacts(facts, options);
}

/**
 * Sample data goes into the embedded database without a question, and into another one only if a person
 * agrees.
 */
async function maySeed({ servers }: System, { members, yes }: SeedOptions): Promise<boolean> {
  if (servers.embedded.postgres) {
    return true;
  }
  const { endpoints, database } = parseServerUrl(servers.databaseUrl);
  const hosts = new Set(endpoints.map(({ host = 'this machine' }) => host));
  const target = `the database ${database} on ${[...hosts].join(', ')}`;
  return confirm(`${formatCount(members)} made-up members and their bills go into ${target}. Add them?`, {
    yes,
  });
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError('must be a whole number.');
  return seed;
}
