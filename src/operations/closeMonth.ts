import type { Config } from '../config/loadConfig.ts';
import type { Database } from '../db/database.ts';
import { readSignedReport } from '../db/runs/signedReports.ts';
import {
  beginClosing,
  type ClosedMonthState,
  countUnsettledBills,
  finishClosing,
  haveEarlierEnded,
  readClosedMonth,
  reopenMonth,
  type UnsettledBills,
} from '../db/transitions/closedMonths.ts';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import { zonedTime } from '../lib/timeText.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface CloseMonthRequest {
  /** First day of the billing month as `YYYY-MM-DD`. */
  readonly month: string;
  /** `person <user>` */
  readonly actor: string;
  readonly dryRun: boolean;
  /** How long to wait for transactions that began before the decision. */
  readonly patienceMs?: number;
}

export interface CloseMonthFacts {
  readonly month: string;
  readonly state: 'open' | ClosedMonthState;
  /** The bills that keep it open. */
  readonly unsettled: UnsettledBills;
}

const defaultPatienceMs = 60_000;
const askEveryMs = 100;

/**
 * Closes a month whose bills are all final. The decision is written first, so that nothing new begins. Then
 * it waits for transactions that began before, and counts the rows once more.
 * @throws BillcastError MONTH_BUSY if older transactions do not end in time. The month stays `closing`, and
 * the same request continues.
 */
export async function closeMonth(
  { database }: Pick<OperationDeps, 'database'>,
  request: CloseMonthRequest,
): Promise<CloseMonthFacts> {
  const { month, actor, dryRun, patienceMs = defaultPatienceMs } = request;
  const state = (await readClosedMonth(database, month)) ?? 'open';
  const unsettled = await countUnsettledBills(database, month);
  if (dryRun || (state !== 'open' && state !== 'closing') || isAny(unsettled)) {
    return { month, state, unsettled };
  }
  await waitForEarlier(database, await beginClosing(database, { month, actor }), patienceMs);
  const still = await countUnsettledBills(database, month);
  if (isAny(still)) {
    await reopenMonth(database, month);
    return { month, state: 'open', unsettled: still };
  }
  await finishClosing(database, month);
  return { month, state: 'closed', unsettled: still };
}

/**
 * Opens a closed month again, unless it is signed off or its rows are being deleted.
 * @param request.month first day of the billing month as `YYYY-MM-DD`
 * @throws BillcastError USAGE if the month is not closed, is signed off, or its rows are being deleted
 */
export async function reopenClosedMonth(
  { config, database }: { readonly config: Pick<Config, 'timeZone'>; readonly database: Database },
  { month }: Pick<CloseMonthRequest, 'month'>,
): Promise<Pick<CloseMonthFacts, 'month' | 'state'>> {
  const name = month.slice(0, 7);
  const signed = await readSignedReport(database, { month });
  if (signed !== undefined) {
    throw new BillcastError(
      'USAGE',
      `${name} stands for good: ${signed.signedBy} signed its report at ${zonedTime(signed.signedAt, config.timeZone)}`,
    );
  }
  if (!(await reopenMonth(database, month))) {
    throw new BillcastError('USAGE', `${name} is not closed, or its rows are being deleted already`);
  }
  return { month, state: 'open' };
}

async function waitForEarlier(database: Database, transaction: string, patienceMs: number): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await haveEarlierEnded(database, transaction))) {
    if (performance.now() > giveUpAt) {
      throw new BillcastError(
        'MONTH_BUSY',
        'a transaction that began before the month was closed is still open: see ' +
          'pg_stat_activity, and close the month again when it has ended',
      );
    }
    await sleep(askEveryMs);
  }
}

function isAny(unsettled: UnsettledBills): boolean {
  return Object.values(unsettled).some((count) => count > 0);
}
