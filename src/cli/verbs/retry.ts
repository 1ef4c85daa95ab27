import { type Command, Option } from 'commander';
import type { BillId, FailureReason } from '../../bill.ts';
import { moveSelected } from '../../db/moveSelected.ts';
import { retryAs } from '../../db/retry.ts';
import { BillcastError } from '../../errors.ts';
import { parseBillIds, parseMonth } from '../arguments.ts';
import { failureReasons } from '../explain/reasons.ts';
import { personAtTerminal, printFacts, withSystem } from '../system.ts';

interface RetryOptions {
  bill?: readonly BillId[];
  month?: string;
  reason?: FailureReason;
  dryRun?: boolean;
  json?: boolean;
}

export const addRetry = (program: Command): void => {
  program
    .command('retry')
    .description('start the next cycle of failed bills now; conditions given together must all be met')
    .option('--bill <id...>', 'these bills', parseBillIds)
    .option('--month <YYYY-MM>', 'the failed bills of this month', parseMonth)
    .addOption(new Option('--reason <code>', 'the bills that failed for this reason').choices(failureReasons))
    .option('--dry-run', 'only say how many')
    .option('--json', 'print the facts as one line of JSON')
    .action(retry);
};

const retry = async (options: RetryOptions): Promise<void> => {
  const { bill, month, reason, dryRun = false } = options;
  if (bill === undefined && month === undefined && reason === undefined)
    throw new BillcastError('USAGE', 'say which bills: --bill, --month or --reason, or several of them');
  await withSystem(async ({ database }) => {
    const { selected, movable, moved, busy, notFound, left, firstBillIds } = await moveSelected(database, {
      selection: { billIds: bill, month, reason, sendStatus: 'FAILED' },
      move: retryAs(database, personAtTerminal()),
      dryRun,
    });
    const deadLetterOwed = left.FAILED ?? 0;
    const notFailed = selected - movable - deadLetterOwed;
    const facts = { dryRun, retryable: movable, retried: moved, deadLetterOwed, notFailed, notFound, busy };
    printFacts({ ...facts, firstBillIds }, options);
  });
};
