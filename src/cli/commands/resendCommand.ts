import type { Command } from 'commander';
import type { BillId, SendStatus } from '../../bill.ts';
import { type MoveReport, moveSelected } from '../../db/transitions/moveSelected.ts';
import { resendAs } from '../../db/transitions/resendBills.ts';
import { BillcastError } from '../../errors.ts';
import { parseBillIds } from '../arguments.ts';
import { readNamedBills } from '../billFile.ts';
import { personAtTerminal, printFacts, tell, withSystem } from '../system.ts';

interface ResendOptions {
  readonly bill?: readonly BillId[];
  readonly file?: string;
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addResend(program: Command): void {
  program
    .command('resend')
    .description('send delivered bills again, in their next cycle, by e-mail first')
    .option('--bill <id...>', 'these bills', parseBillIds)
    .option('--file <path>', 'the bills in this file, one per line or in the first CSV column; - for stdin')
    .option('--reason <text>', 'why, for the journal; no names or numbers of persons')
    .option('--dry-run', 'only say how many')
    .option('--json', 'print the facts as one line of JSON')
    .action(resend);
}

async function resend(options: ResendOptions): Promise<void> {
  const { dryRun = false, reason = '' } = options;
  if (options.bill === undefined && options.file === undefined) {
    throw new BillcastError('USAGE', 'say which bills: --bill or --file');
  }
  if (reason.trim() === '' && !dryRun) {
    throw new BillcastError('USAGE', 'say why: --reason, which is written to the journal');
  }
  const { billIds, repeated } = await readNamedBills(options);
  await withSystem(async ({ database }) => {
    const report = await moveSelected(database, {
      selection: { billIds },
      move: resendAs(database, { actor: personAtTerminal(), reason }),
      dryRun,
    });
    const { selected, movable, moved, busy, notFound, monthClosed, firstBillIds } = report;
    const notDelivered = selected - movable - monthClosed;
    const facts = { dryRun, resendable: movable, resent: moved, notDelivered, notFound, busy, ...repeated };
    printFacts({ ...facts, ...(monthClosed === 0 ? {} : { monthClosed }), firstBillIds }, options);
    for (const line of whatInstead(report)) tell(line);
  });
}

/** What a person uses for the bills that are not delivered. */
function whatInstead({ left }: MoveReport): string[] {
  return statuses.flatMap((status) => {
    const bills = left[status];
    return bills === undefined ? [] : [`${bills.toLocaleString('en')} ${status}: ${insteadOf[status]}`];
  });
}

const insteadOf: Readonly<Record<SendStatus, string>> = {
  PENDING: 'they go out by themselves; if they are held, `billcast publish` releases them',
  SENDING: 'they are being sent just now',
  SENT: 'their answer is not in yet',
  IN_DOUBT: 'settle them with `billcast resolve`',
  DELIVERED: 'they were delivered anew meanwhile; look at them first, with `billcast explain`',
  FAILED: '`billcast retry` starts them over',
  CANCELLED: 'they stay cancelled; a corrected bill is a bill of its own',
};

const statuses = Object.keys(insteadOf) as SendStatus[];
