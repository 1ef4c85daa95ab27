import { type Command, Option } from 'commander';
import { reopenMonth } from '../../db/transitions/closedMonths.ts';
import { BillcastError } from '../../errors.ts';
import { closeMonth } from '../../operations/closeMonth.ts';
import { parseMonth } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { personAtTerminal, printFacts, type System, tell, withSystem } from '../system.ts';

interface CloseOptions {
  month: string;
  reopen?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function addClose(program: Command): void {
  program
    .command('close')
    .description(
      'close a month whose bills all stand for good: it takes no release, no next cycle and no new bill, and its rows ' +
        'are deleted RETENTION_BILLS_DAYS later',
    )
    .requiredOption('--month <YYYY-MM>', 'the month', parseMonth)
    .option('--dry-run', 'only say what keeps it open')
    .addOption(new Option('--reopen', 'take it back, until its rows are being deleted').conflicts('dryRun'))
    .option('--yes', 'do not ask; needed if this is not a terminal')
    .option('--json', 'print the facts as one line of JSON')
    .action((options: CloseOptions) =>
      withSystem((system) => (options.reopen ? reopen(system, options) : close(system, options))),
    );
}

async function close({ database }: System, options: CloseOptions): Promise<void> {
  const { month, dryRun = false } = options;
  const name = month.slice(0, 7);
  if (!dryRun && !(await confirm(`After this nothing of ${name} can be sent again. Close it?`, options))) {
    tell('Nothing was closed.');
    process.exitCode = 1;
    return;
  }
  const { state, unsettled } = await closeMonth(database, { month, actor: personAtTerminal(), dryRun });
  printFacts({ month: name, state, ...unsettled }, options);
  if (!dryRun && state === 'open') {
    tell(`${name} stays open: settle, cancel or give up what is counted above first.`);
    process.exitCode = 1;
  }
}

async function reopen({ database }: System, options: CloseOptions): Promise<void> {
  const name = options.month.slice(0, 7);
  if (!(await reopenMonth(database, options.month))) {
    throw new BillcastError('USAGE', `${name} is not closed, or its rows are being deleted already`);
  }
  printFacts({ month: name, state: 'open' }, options);
}
