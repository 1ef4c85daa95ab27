import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { billsOfMonth, joinMember } from '../source/billTables.ts';
import { plainArray } from '../sql.ts';
import { sumOverWindows, walkWindows } from '../windows.ts';

/** The bills that `publish` would release. */
export interface HeldBills {
  readonly bills: number;
  /** How many of these have a member whose e-mail column is empty: they go out by SMS at once. */
  readonly withoutEmail: number;
}

/** A condition on the row `n`. */
export const isHeld = `n.publish_status = 'HELD' and n.send_status = 'PENDING'`;

/** @param looked the bills of a window */
function countText(looked: string): string {
  return `
    with n as materialized (${looked})
    select count(*)::int, max(n.bill_id), count(*) filter (where n.is_held)::int,
           count(*) filter (where n.is_held and coalesce(m.email, '') = '')::int
    from n ${joinMember} and n.is_held`;
}

const countHeld = {
  name: 'count-held',
  text: countText(`
      select n.bill_id, n.member_id, true as is_held from bill_notification n
      where ${isHeld} and n.bill_id > $1::bigint order by n.bill_id limit $2`),
};

const countHeldOfMonth = {
  name: 'count-held-of-month',
  text: countText(`
      select n.bill_id, n.member_id, ${isHeld} as is_held from ${billsOfMonth('$1')} and b.bill_id > $2::bigint
      order by b.bill_id limit $3`),
};

/**
 * Counts the held bills, by reading all of them: about a second per million.
 * @param month first day of the billing month as `YYYY-MM-DD`; all months if missing
 */
export async function countHeldBills(
  database: Database,
  { month }: { month?: string | undefined },
): Promise<HeldBills> {
  const [bills = 0, withoutEmail = 0] =
    month === undefined
      ? await sumOverWindows(database, countHeld, [])
      : await sumOverWindows(database, countHeldOfMonth, [month]);
  return { bills, withoutEmail };
}

const anyHeld = {
  name: 'any-held',
  text: `select exists (select from bill_notification n where ${isHeld})`,
};
const anyOfIds = {
  name: 'any-held-by-id',
  text: `select exists (select from bill_notification n where n.bill_id = any($1::bigint[]) and ${isHeld})`,
};

/** Whether any of these bills is held: only these, those of the month (`YYYY-MM-DD`), or all. */
export async function hasHeldBills(
  database: Database,
  { billIds, month }: { billIds?: readonly BillId[] | undefined; month?: string | undefined },
): Promise<boolean> {
  if (billIds !== undefined) return isAny(database.query<[boolean]>(anyOfIds, [plainArray(billIds)]));
  return month === undefined ? isAny(database.query<[boolean]>(anyHeld)) : isAnyOfMonth(database, month);
}

async function isAny(rows: Promise<[boolean][]>): Promise<boolean> {
  return (await rows)[0]?.[0] ?? false;
}

/**
 * Looks window by window: most of a month may be released already, and no statement should read all of it.
 */
async function isAnyOfMonth(database: Database, month: string): Promise<boolean> {
  for await (const [held = 0] of walkWindows(database, countHeldOfMonth, [month])) if (held > 0) return true;
  return false;
}
