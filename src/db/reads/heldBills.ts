import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { billsOfMonth, isOfMonth, joinMember } from '../source/billTables.ts';
import { plainArray } from '../sql.ts';

/** What `publish` would release. */
export interface HeldBills {
  readonly bills: number;
  /** Of these, the bills of members whose e-mail column is empty: they go out by SMS at once. */
  readonly withoutEmail: number;
}

/** Of the row `n`. */
export const isHeld = `n.publish_status = 'HELD' and n.send_status = 'PENDING'`;

const countHeld = {
  name: 'count-held',
  text: `
    select count(*)::float8,
           count(*) filter (where coalesce(m.email, '') = '')::float8
    from bill_notification n
    ${joinMember}
    where ${isHeld} and ($1::date is null or ${isOfMonth('$1')})`,
};

/**
 * Counts the held bills: a scan of all that are held, about a second per million.
 * @param month first day of the billing month as `YYYY-MM-DD`; all months if it is missing
 */
export async function countHeldBills(
  database: Database,
  { month }: { month?: string | undefined },
): Promise<HeldBills> {
  const [row] = await database.query<[number, number]>(countHeld, [month ?? null]);
  const [bills = 0, withoutEmail = 0] = row ?? [];
  return { bills, withoutEmail };
}

const anyHeld = {
  name: 'any-held',
  text: `select exists (select from bill_notification n where ${isHeld})`,
};
const anyOfMonth = {
  name: 'any-held-of-month',
  text: `select exists (select from ${billsOfMonth('$1')} and ${isHeld})`,
};
const anyOfIds = {
  name: 'any-held-by-id',
  text: `select exists (select from bill_notification n where n.bill_id = any($1::bigint[]) and ${isHeld})`,
};

/** Whether any of these bills is held: just these, those of the month (`YYYY-MM-DD`), or all. */
export async function hasHeldBills(
  database: Database,
  { billIds, month }: { billIds?: readonly BillId[] | undefined; month?: string | undefined },
): Promise<boolean> {
  if (billIds !== undefined) return isAny(database.query<[boolean]>(anyOfIds, [plainArray(billIds)]));
  return isAny(
    month === undefined ? database.query<[boolean]>(anyHeld) : database.query<[boolean]>(anyOfMonth, [month]),
  );
}

async function isAny(rows: Promise<[boolean][]>): Promise<boolean> {
  return (await rows)[0]?.[0] ?? false;
}
