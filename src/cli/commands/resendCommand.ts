import type { Command } from 'commander';
import type { SendStatus } from '../../bill.ts';
import { BillcastError } from '../../errors.ts';
import { type ResendFacts, resend } from '../../operations/resend.ts';
import { showTheirIds } from '../../operations/theirIds.ts';
import { countingBills } from '../billCounter.ts';
import { readNamedBills } from '../billFile.ts';
import { numbersOfNamed } from '../billKeys.ts';
import { addUsage } from '../commandUsage.ts';
import { noteHindrances } from '../hindranceNotes.ts';
import { jsonOption } from '../jsonOption.ts';
import { withSystem } from '../openSystem.ts';
import { formatCount, printNote } from '../output.ts';
import { personAtTerminal } from '../personAtTerminal.ts';
import { recordAccess } from '../recordAccess.ts';
import { addBillOptions, printChange, requireOption, type SelectionOptions } from '../selectionOptions.ts';

interface ResendOptions extends Omit<SelectionOptions, 'month'> {
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function defineResend(command: Command): void {
  addUsage(command, {
    examples: [
      ['resend --bill 42 --reason "asked for a copy"', 'send a delivered bill again'],
      ['resend --file bills.csv --reason "wrong due date" --dry-run', 'only count them'],
    ],
  });
  command.description('Sends delivered bills again, in their next cycle, by e-mail first.');
  addBillOptions(command)
    .option('--reason <text>', 'why, for the journal; no personal data')
    .option('--dry-run', 'only count the bills')
    .addOption(jsonOption())
    .action(runResend);
}

async function runResend(options: ResendOptions): Promise<void> {
  const { dryRun = false, reason = '' } = options;
  requireOption(options, ['bill', 'file']);
  if (reason.trim() === '' && !dryRun) {
    throw new BillcastError('USAGE', 'say why: --reason, which is written to the journal');
  }
  const named = await readNamedBills(options);
  await withSystem(async (system) => {
    const { config, database } = system;
    const { repeated } = named;
    const billIds = await numbersOfNamed(system, named.billIds);
    const request = { selection: { billIds }, actor: personAtTerminal(), reason, dryRun };
    const { left, ...facts } = await recordAccess(database, { what: 'resend', billIds, reason, dryRun }, () =>
      countingBills('bills looked at', (onProgress) =>
        resend({ config, database }, { ...request, onProgress }),
      ),
    );
    printChange(await showTheirIds(system, { ...facts, ...repeated }), options);
    for (const line of hints(left)) printNote(line);
    if (facts.resent > 0) await noteHindrances({ config, database });
  });
}

/** What to do about the bills that are not delivered. */
function hints(left: ResendFacts['left']): string[] {
  return statuses.flatMap((status) => {
    const bills = left[status];
    return bills === undefined ? [] : [`${formatCount(bills)} ${status}: ${hintOf[status]}`];
  });
}

const hintOf: Readonly<Record<SendStatus, string>> = {
  PENDING: 'they are sent without your help; if they are held, `billcast publish` releases them',
  SENDING: 'they are being sent right now',
  SENT: 'they are sent, and the answer has not come yet',
  IN_DOUBT: 'settle them with `billcast resolve`',
  DELIVERED: 'they were delivered again in the meantime; look at them first, with `billcast explain`',
  FAILED: '`billcast retry` starts them over',
  CANCELLED: 'they stay cancelled; a corrected bill is a new bill',
};

const statuses = Object.keys(hintOf) as SendStatus[];
