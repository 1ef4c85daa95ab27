import { type Command, Option } from 'commander';
import type { BillId } from '../../bill.ts';
import { BillcastError } from '../../errors.ts';
import { type DoubtSelection, listDoubts, type ResolveRequest, resolve } from '../../operations/resolve.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { countingBills } from '../billCounter.ts';
import { readNamedBills } from '../billFile.ts';
import { numbersOfNamed } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { doubtLines } from '../doubtLines.ts';
import { noteHindrances } from '../hindranceNotes.ts';
import { jsonOption } from '../jsonOption.ts';
import { type System, withReadOnlySystem, withSystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { parsePointInTime } from '../pointInTime.ts';
import { recordAccess } from '../recordAccess.ts';
import { addBillOptions, addMonthOption, requireOption, type SelectionOptions } from '../selectionOptions.ts';

interface ResolveOptions extends SelectionOptions {
  readonly list?: boolean;
  readonly delivered?: boolean;
  readonly resend?: boolean;
  readonly failed?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly why?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function defineResolve(command: Command): void {
  addUsage(command, {
    examples: [
      ['resolve --list', 'the bills in doubt, those in doubt longest first'],
      [`resolve --delivered --file accepted.csv --reason "provider's report"`, 'these arrived'],
      [
        'resolve --resend --why OWNER_GONE --until 2026-11-25T10:00 --reason "provider was down"',
        'these did not: send them again',
      ],
    ],
  });
  command
    .description(
      'Settles bills in doubt by what you know of them. A bill has to meet all conditions given. ' +
        'Ask the provider ' +
        'first: a bill that is sent again may arrive twice.',
    )
    .addOption(verdictOption('--list', 'only list them, those in doubt longest first'))
    .addOption(verdictOption('--delivered', 'the provider accepted them: they are DELIVERED'))
    .addOption(verdictOption('--resend', 'send them again, in their next cycle, by e-mail first'))
    .addOption(
      verdictOption('--failed', 'give them up: FAILED with a dead letter, sent again only by `retry`'),
    );
  addMonthOption(addBillOptions(command))
    .option('--since <time>', 'the bills in doubt since this time or later')
    .option('--until <time>', 'the bills in doubt since before this time')
    .option('--why <code>', 'the bills in doubt for this reason, as --list shows it, such as OWNER_GONE')
    .option('--reason <text>', 'how you know, for the journal; no personal data')
    .option('--dry-run', 'only count the bills')
    .addOption(jsonOption())
    .action(runResolve);
}

const modes = ['list', 'delivered', 'resend', 'failed'] as const;

/** They exclude each other. */
function verdictOption(flag: string, description: string): Option {
  return new Option(flag, description).conflicts(modes.filter((mode) => flag !== `--${mode}`));
}

async function runResolve(options: ResolveOptions): Promise<void> {
  if (options.list) {
    const { billIds } = await readNamedBills(options);
    await withReadOnlySystem(async (system) => list(system, options, await numbersOfNamed(system, billIds)));
    return;
  }
  const request = verdictOf(options);
  const named = await readNamedBills(options);
  await withSystem(async (system) => {
    const { database, config } = system;
    const { repeated } = named;
    const billIds = await numbersOfNamed(system, named.billIds);
    const selection = selectionOf({ ...options, billIds }, config.timeZone);
    const { reason, dryRun } = request;
    const facts = await recordAccess(database, { what: 'resolve', billIds, reason, dryRun }, () =>
      countingBills('bills looked at', (onProgress) =>
        resolve({ config, database }, { ...request, selection, actor: personAtTerminal(), onProgress }),
      ),
    );
    printFacts(await showTheirIds(system, { ...facts, ...repeated }), options);
    if (request.verdict === 'resend' && facts.resolved > 0) await noteHindrances({ config, database });
  });
}

async function list(
  system: System,
  options: ResolveOptions,
  billIds: readonly BillId[] | undefined,
): Promise<void> {
  const { database, config } = system;
  const selection = selectionOf({ ...options, billIds }, config.timeZone);
  const found = (await Array.fromAsync(listDoubts({ database }, selection))).flat();
  const doubts = await showTheirIds(system, found);
  if (!options.json) {
    process.stdout.write(doubtLines(doubts, config.timeZone));
    return;
  }
  const bills = doubts.map(({ billId, channel, cycle, since, reason }) => ({
    billId,
    channel,
    cycle,
    since,
    reason,
  }));
  printFacts({ inDoubt: bills.length, bills }, options);
}

function verdictOf(options: ResolveOptions): Pick<ResolveRequest, 'verdict' | 'reason' | 'dryRun'> {
  const { reason = '', dryRun = false } = options;
  const verdict = (['delivered', 'resend', 'failed'] as const).find((name) => options[name]);
  if (verdict === undefined) {
    throw new BillcastError('USAGE', 'say what became of them: --delivered, --resend or --failed; or --list');
  }
  requireOption(options, ['bill', 'file', 'month', 'since', 'until', 'why']);
  if (reason.trim() === '' && !dryRun) {
    throw new BillcastError('USAGE', 'say how you know: --reason, which is written to the journal');
  }
  return { verdict, reason, dryRun };
}

function selectionOf(
  options: Omit<ResolveOptions, 'bill'> & Pick<DoubtSelection, 'billIds'>,
  timeZone: string,
): DoubtSelection {
  const { billIds, month, since, until, why } = options;
  return {
    billIds,
    month,
    reason: why,
    doubtedFrom: since === undefined ? undefined : parsePointInTime(since, { flag: '--since', timeZone }),
    doubtedBefore: until === undefined ? undefined : parsePointInTime(until, { flag: '--until', timeZone }),
  };
}
