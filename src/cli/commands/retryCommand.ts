import { type Command, InvalidArgumentError, Option } from 'commander';
import type { BillId } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import type { Selection } from '../../db/reads/standing.ts';
import { moveSelected } from '../../db/transitions/moveSelected.ts';
import { retryAs } from '../../db/transitions/retryBills.ts';
import { turnBackAs } from '../../db/transitions/turnBack.ts';
import { BillcastError } from '../../errors.ts';
import { failureReasons, turnReasons } from '../../operations/explain/reasons.ts';
import { parseBillIds, parseMonth } from '../arguments.ts';
import { readNamedBills } from '../billFile.ts';
import { personAtTerminal, printFacts, withSystem } from '../system.ts';

interface RetryOptions {
  readonly bill?: readonly BillId[];
  readonly file?: string;
  readonly month?: string;
  readonly reason?: string;
  readonly channel?: 'EMAIL';
  readonly askRefused?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function addRetry(program: Command): void {
  program
    .command('retry')
    .description(
      'start the next cycle of failed bills now, or of bills that wait to go by SMS (--channel email); ' +
        'conditions given together must all be met',
    )
    .option('--bill <id...>', 'these bills', parseBillIds)
    .option('--file <path>', 'the bills in this file, one per line or in the first CSV column; - for stdin')
    .option('--month <YYYY-MM>', 'the bills of this month', parseMonth)
    .addOption(
      new Option('--reason <code>', 'the bills that failed, or turned to SMS, for this reason').choices([
        ...new Set([...failureReasons, ...turnReasons]),
      ]),
    )
    .option('--channel <name>', 'email: turn SMS that have not gone out back to e-mail', parseEmail)
    .option('--ask-refused', 'ask addresses again that were refused for good, although they have not changed')
    .option('--dry-run', 'only say how many')
    .option('--json', 'print the facts as one line of JSON')
    .action(retry);
}

function parseEmail(text: string): 'EMAIL' {
  if (text.toUpperCase() !== 'EMAIL') {
    throw new InvalidArgumentError('wants email: every other bill starts over by e-mail anyway.');
  }
  return 'EMAIL';
}

async function retry(options: RetryOptions): Promise<void> {
  const { bill, file, month, reason, channel, askRefused = false, dryRun = false } = options;
  if ([bill, file, month, reason].every((condition) => condition === undefined)) {
    throw new BillcastError(
      'USAGE',
      'say which bills: --bill, --file, --month or --reason, or several of them',
    );
  }
  const { billIds, repeated } = await readNamedBills(options);
  const asked = { selection: { billIds, month, reason }, askRefused, dryRun };
  await withSystem(async ({ database }) => {
    const move = channel === 'EMAIL' ? turnBack : retryFailed;
    printFacts({ ...(await move(database, asked)), ...repeated }, options);
  });
}

interface Asked {
  readonly selection: Selection;
  /** Turning back to e-mail always does. */
  readonly askRefused: boolean;
  readonly dryRun: boolean;
}

async function retryFailed(database: Database, { selection, askRefused, dryRun }: Asked): Promise<object> {
  const { selected, movable, moved, busy, notFound, monthClosed, left, firstBillIds } = await moveSelected(
    database,
    {
      selection: { ...selection, sendStatus: 'FAILED' },
      move: retryAs(database, personAtTerminal(), askRefused),
      dryRun,
    },
  );
  const deadLetterOwed = left.FAILED ?? 0;
  const notFailed = selected - movable - deadLetterOwed - monthClosed;
  const facts = { dryRun, retryable: movable, retried: moved, deadLetterOwed, notFailed, notFound, busy };
  return { ...facts, ...(monthClosed === 0 ? {} : { monthClosed }), firstBillIds };
}

async function turnBack(database: Database, { selection, dryRun }: Asked): Promise<object> {
  const { movable, moved, busy, notFound, monthClosed, because, firstBillIds } = await moveSelected(
    database,
    {
      selection: { ...selection, sendStatus: 'PENDING' },
      move: turnBackAs(database, personAtTerminal()),
      dryRun,
    },
  );
  const { byEmail = 0, held = 0, notPending = 0 } = because;
  const facts = { dryRun, turnable: movable, turnedBack: moved, byEmail, held, notPending, notFound, busy };
  return { ...facts, ...(monthClosed === 0 ? {} : { monthClosed }), firstBillIds };
}
