import { type Command, Option } from 'commander';
import { closeMonth, reopenClosedMonth } from '../../operations/closeMonth.ts';
import { parseMonth } from '../arguments.ts';
import { addUsage } from '../commandUsage.ts';
import { confirm } from '../confirm.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withSystem } from '../openSystem.ts';
import { printFacts, printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';

interface CloseOptions {
  readonly month: string;
  readonly reopen?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function defineClose(command: Command): void {
  addUsage(command, {
    examples: [
      ['close --month 2026-11 --dry-run', 'show which bills keep November open'],
      ['close --month 2026-11', 'close it, after a question'],
      ['close --month 2026-11 --reopen', 'open it again'],
    ],
    exitsWith1: 'the month is still open',
  });
  command
    .description(
      'Closes a month whose bills are all final. It then takes no release, no next cycle and no ' +
        'new bill, and its rows ' +
        'are deleted RETENTION_BILLS_DAYS later.',
    )
    .requiredOption('--month <YYYY-MM>', 'the month', parseMonth)
    .option('--dry-run', 'only show what keeps it open')
    .addOption(
      new Option(
        '--reopen',
        'open it again; possible until it is signed off or its rows are deleted',
      ).conflicts('dryRun'),
    )
    .option('--yes', 'do not ask; needed without a terminal')
    .addOption(jsonOption())
    .action((options: CloseOptions) =>
      withSystem((system) => (options.reopen ? reopen(system, options) : close(system, options))),
    );
}

async function close({ database }: System, options: CloseOptions): Promise<void> {
  const { month, dryRun = false } = options;
  const name = nameOf(month);
  if (!dryRun && !(await confirm(`After this nothing of ${name} can be sent again. Close it?`, options))) {
    printNote('Nothing was closed.');
    process.exitCode = 1;
    return;
  }
  const request = { month, actor: personAtTerminal(), dryRun };
  const { state, unsettled } = await recordAccess(
    database,
    { what: 'closeMonth', reason: name, dryRun },
    () => closeMonth({ database }, request),
  );
  printFacts({ month: name, state, ...unsettled }, options);
  if (!dryRun && state === 'open') {
    printNote(`${name} stays open: first settle, cancel or give up the bills that are counted above.`);
    process.exitCode = 1;
  }
}

async function reopen({ config, database }: System, { month, ...options }: CloseOptions): Promise<void> {
  const name = nameOf(month);
  const { state } = await recordAccess(database, { what: 'reopenMonth', reason: name }, () =>
    reopenClosedMonth({ config, database }, { month }),
  );
  printFacts({ month: name, state }, options);
}

function nameOf(month: string): string {
  return month.slice(0, 7);
}
