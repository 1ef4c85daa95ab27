import type { Command } from 'commander';
import type { BillId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { findBill } from '../../db/reads/findBill.ts';
import { cancelAs, replacedBy } from '../../db/transitions/cancelBills.ts';
import { moveSelected } from '../../db/transitions/moveSelected.ts';
import { BillcastError } from '../../errors.ts';
import { parseBillId, parseBillIds, parseMonth } from '../arguments.ts';
import { readNamedBills } from '../billFile.ts';
import { personAtTerminal, printFacts, withSystem } from '../system.ts';

interface CancelOptions {
  bill?: readonly BillId[];
  file?: string;
  month?: string;
  reason?: string;
  replacedBy?: BillId;
  dryRun?: boolean;
  json?: boolean;
}

export function addCancel(program: Command): void {
  program
    .command('cancel')
    .description('cancel bills that are not handed to a provider yet, for good')
    .option('--bill <id...>', 'these bills', parseBillIds)
    .option('--file <path>', 'the bills in this file, one per line or in the first CSV column; - for stdin')
    .option('--month <YYYY-MM>', 'the bills of this month', parseMonth)
    .option('--reason <text>', 'why, for the journal; no names or numbers of persons')
    .option('--replaced-by <id>', 'the corrected bill that goes out instead of the one bill', parseBillId)
    .option('--dry-run', 'only say how many')
    .option('--json', 'print the facts as one line of JSON')
    .action(cancel);
}

async function cancel(options: CancelOptions): Promise<void> {
  const { bill, file, month, dryRun = false } = options;
  const reason = reasonOf(options);
  if (bill === undefined && file === undefined && month === undefined) {
    throw new BillcastError('USAGE', 'say which bills: --bill, --file, --month or several of them');
  }
  const { billIds, repeated } = await readNamedBills(options);
  await withSystem(async ({ database }) => {
    if (options.replacedBy !== undefined) await demandBill(database, options.replacedBy);
    const { movable, moved, busy, notFound, monthClosed, left, firstBillIds } = await moveSelected(database, {
      selection: { billIds, month },
      move: cancelAs(database, { actor: personAtTerminal(), reason }),
      dryRun,
    });
    const tooLate = (left.SENT ?? 0) + (left.IN_DOUBT ?? 0) + (left.DELIVERED ?? 0);
    const already = left.CANCELLED ?? 0;
    const facts = { dryRun, cancellable: movable, cancelled: moved, tooLate, already, notFound, busy };
    printFacts(
      { ...facts, ...repeated, ...(monthClosed === 0 ? {} : { monthClosed }), firstBillIds },
      options,
    );
  });
}

function reasonOf({ bill, file, replacedBy: newBill, reason }: CancelOptions): string | undefined {
  if (newBill === undefined) return reason;
  if (bill?.length !== 1 || file !== undefined) {
    throw new BillcastError('USAGE', '--replaced-by wants just one --bill');
  }
  if (bill[0] === newBill) throw new BillcastError('USAGE', 'a bill cannot replace itself');
  return replacedBy(newBill, reason);
}

/** A bill is cancelled for good: not in favour of one that nobody would get. */
async function demandBill(database: Database, billId: BillId): Promise<void> {
  if ((await findBill(database, billId)) === undefined) {
    throw new BillcastError(
      'USAGE',
      `billcast does not know bill ${billId} of --replaced-by, so nothing was cancelled: check the number`,
    );
  }
}
