import { registerBills } from '../db/source/registerBills.ts';
import { readClosedMonth } from '../db/transitions/closedMonths.ts';
import { BillcastError } from '../errors.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface RegisterFacts {
  readonly month: string;
  /** How many bills the source has of the month. */
  readonly bills: number;
  /** Bills that were unknown to billcast until now. They are held. */
  readonly registered: number;
}

const billsAtOnce = 5_000;

/**
 * Registers the bills that the source has of a month. Known bills stay as they are, so it may run again, even
 * while others are sent.
 * @param month first day of the billing month as `YYYY-MM-DD`
 * @throws BillcastError USAGE for a closed month
 */
export async function registerMonth(
  { config, database }: Pick<OperationDeps, 'config' | 'database'>,
  month: string,
  onProgress: (bills: number) => void = () => undefined,
): Promise<RegisterFacts> {
  if ((await readClosedMonth(database, month)) !== undefined) {
    throw new BillcastError('USAGE', `the month ${month.slice(0, 7)} is closed: it takes no new bills`);
  }
  let [bills, registered] = [0, 0];
  for (let after: string | null = null; ; ) {
    const page = await registerBills(database, config.source, { month, after, limit: billsAtOnce });
    registered += page.added;
    if (page.again) continue;
    bills += page.seen;
    onProgress(bills);
    if (page.last === null) return { month: month.slice(0, 7), bills, registered };
    after = page.last;
  }
}
