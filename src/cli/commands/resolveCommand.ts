import { type Command, Option } from 'commander';
import type { BillId } from '../../bill.ts';
import type { Config } from '../../config/loadConfig.ts';
import { selectDoubts } from '../../db/reads/selectDoubts.ts';
import type { Selection } from '../../db/reads/standing.ts';
import { moveSelected } from '../../db/transitions/moveSelected.ts';
import { type DoubtVerdict, resolveAs } from '../../db/transitions/resolveBills.ts';
import { BillcastError } from '../../errors.ts';
import { parseBillIds, parseMonth } from '../arguments.ts';
import { readNamedBills } from '../billFile.ts';
import { doubtLines } from '../doubtLines.ts';
import { parsePointInTime } from '../pointInTime.ts';
import { personAtTerminal, printFacts, type System, withReadOnlySystem, withSystem } from '../system.ts';

interface ResolveOptions {
  list?: boolean;
  delivered?: boolean;
  resend?: boolean;
  failed?: boolean;
  bill?: readonly BillId[];
  file?: string;
  month?: string;
  since?: string;
  until?: string;
  why?: string;
  reason?: string;
  dryRun?: boolean;
  json?: boolean;
}

export function addResolve(program: Command): void {
  program
    .command('resolve')
    .description(
      'settle bills in doubt by what a person knows of them; conditions given together must all be met. ' +
        'Ask the provider first: a bill that is sent again may come twice',
    )
    .addOption(verdictOption('--list', 'only show them, those in doubt longest first'))
    .addOption(verdictOption('--delivered', 'the provider accepted them: DELIVERED'))
    .addOption(verdictOption('--resend', 'they go out again, in their next cycle, by e-mail first'))
    .addOption(
      verdictOption('--failed', 'give them up: FAILED with a dead letter, sent again only by `retry`'),
    )
    .option('--bill <id...>', 'these bills', parseBillIds)
    .option('--file <path>', 'the bills in this file, one per line or in the first CSV column; - for stdin')
    .option('--month <YYYY-MM>', 'the bills of this month', parseMonth)
    .option('--since <time>', 'the bills that came in doubt at this time or later')
    .option('--until <time>', 'the bills that came in doubt before this time')
    .option('--why <code>', 'the bills in doubt for this reason, as --list shows it: OWNER_GONE')
    .option('--reason <text>', 'how you know, for the journal; no names or numbers of persons')
    .option('--dry-run', 'only say how many')
    .option('--json', 'print the facts as one line of JSON')
    .action(resolve);
}

const modes = ['list', 'delivered', 'resend', 'failed'] as const;

/** Just one of them can be asked for. */
function verdictOption(flag: string, description: string): Option {
  return new Option(flag, description).conflicts(modes.filter((mode) => flag !== `--${mode}`));
}

async function resolve(options: ResolveOptions): Promise<void> {
  const asked = options.list ? undefined : checked(options);
  const { billIds, repeated } = await readNamedBills(options);
  const named = billIds === undefined ? options : { ...options, bill: billIds };
  if (asked === undefined) {
    await withReadOnlySystem((system) => list(system, named));
    return;
  }
  await withSystem(async (system) =>
    printFacts({ ...(await settle(system, asked, named)), ...repeated }, options),
  );
}

async function list({ database, config }: System, options: ResolveOptions): Promise<void> {
  const doubts = (await Array.fromAsync(selectDoubts(database, selectionOf(options, config)))).flat();
  if (options.json) {
    const bills = doubts.map(({ billId, channel, cycle, since, reason }) => ({
      billId,
      channel,
      cycle,
      since,
      reason,
    }));
    printFacts({ inDoubt: bills.length, bills }, options);
  } else {
    process.stdout.write(doubtLines(doubts, config.timeZone));
  }
}

interface AskedVerdict {
  readonly verdict: DoubtVerdict;
  readonly reason: string;
}

/** A dry run writes nothing, so it asks for no reason. */
function checked({ delivered, resend, failed, reason = '', dryRun, ...rest }: ResolveOptions): AskedVerdict {
  const verdict = delivered ? 'delivered' : resend ? 'resend' : failed ? 'failed' : undefined;
  if (verdict === undefined) {
    throw new BillcastError('USAGE', 'say what became of them: --delivered, --resend or --failed; or --list');
  }
  const { bill, file, month, since, until, why } = rest;
  if ([bill, file, month, since, until, why].every((condition) => condition === undefined)) {
    throw new BillcastError(
      'USAGE',
      'say which bills: --bill, --file, --month, --since, --until or --why, or several of them',
    );
  }
  if (reason.trim() === '' && !dryRun) {
    throw new BillcastError('USAGE', 'say how you know: --reason, which is written to the journal');
  }
  return { verdict, reason };
}

function selectionOf(
  { bill, month, since, until, why }: ResolveOptions,
  { timeZone }: Pick<Config, 'timeZone'>,
): Selection {
  return {
    billIds: bill,
    month,
    reason: why,
    doubtedFrom: since === undefined ? undefined : parsePointInTime(since, { flag: '--since', timeZone }),
    doubtedBefore: until === undefined ? undefined : parsePointInTime(until, { flag: '--until', timeZone }),
    sendStatus: 'IN_DOUBT',
  };
}

async function settle(
  { database, config }: System,
  { verdict, reason }: AskedVerdict,
  options: ResolveOptions,
): Promise<object> {
  const { dryRun = false } = options;
  const { selected, movable, moved, busy, notFound, firstBillIds } = await moveSelected(database, {
    selection: selectionOf(options, config),
    move: resolveAs(database, { verdict, actor: personAtTerminal(), reason }),
    dryRun,
  });
  const notInDoubt = selected - movable;
  const facts = { dryRun, verdict, resolvable: movable, resolved: moved, notInDoubt, notFound, busy };
  return { ...facts, firstBillIds };
}
