import type { Database } from '../database.ts';
import { joinBill } from '../source/billTables.ts';
import { sumOverWindows } from '../windows.ts';
import { isHeld } from './heldBills.ts';

/** The bills of a month of which nothing is held, and the held bills of other months. */
export interface HeldElsewhere {
  /** How many bills the source has of the month. */
  readonly ofMonth: number;
  /** How many of these have no row: nobody has registered them. */
  readonly unregistered: number;
  /** Held bills by month (`YYYY-MM`), newest first; null: the source does not have them. */
  readonly held: readonly { readonly month: string | null; readonly bills: number }[];
}

const countsOfMonth = {
  name: 'count-of-month',
  text: `
    with b as (
      select bill_id from source_bills where billing_month = $1::date and bill_id > $2::bigint
      order by bill_id limit $3
    )
    select count(*)::int, max(b.bill_id), count(*)::int, count(*) filter (where n.bill_id is null)::int
    from b left join bill_notification n on n.bill_id = b.bill_id`,
};

const countHeldByMonth = {
  name: 'count-held-by-month',
  text: `
    select to_char(b.billing_month, 'YYYY-MM'), count(*)::float8
    from bill_notification n ${joinBill}
    where ${isHeld}
    group by b.billing_month
    order by b.billing_month desc nulls last`,
};

/** @param month first day of the billing month as `YYYY-MM-DD` */
export async function readHeldElsewhere(database: Database, month: string): Promise<HeldElsewhere> {
  const counts = await countOfMonth(database, month);
  const months = await database.query<[string | null, number]>(countHeldByMonth);
  return { ...counts, held: months.map(([name, bills]) => ({ month: name, bills })) };
}

/** @param month first day of the billing month as `YYYY-MM-DD` */
export async function countOfMonth(
  database: Database,
  month: string,
): Promise<Pick<HeldElsewhere, 'ofMonth' | 'unregistered'>> {
  const [ofMonth = 0, unregistered = 0] = await sumOverWindows(database, countsOfMonth, [month]);
  return { ofMonth, unregistered };
}
