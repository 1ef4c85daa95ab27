import type { Database } from '../database.ts';
import { sumOverWindows, walkWindows } from '../windows.ts';
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

/** Months are looked up per bill: a join could be planned as a scan of all bills. */
const countHeldByMonth = {
  name: 'count-held-by-month',
  text: `
    with looked as materialized (
      select n.bill_id from bill_notification n
      where ${isHeld} and n.bill_id > $1::bigint
      order by n.bill_id limit $2
    ), counted as (
      select to_char(b.billing_month, 'YYYY-MM') as month, count(*)::int as bills
      from looked left join lateral (
        select billing_month from source_bills found where found.bill_id = looked.bill_id offset 0
      ) b on true
      group by 1
    )
    select (select count(*)::int from looked), (select max(bill_id) from looked),
           coalesce((select jsonb_agg(jsonb_build_array(month, bills)) from counted), '[]')`,
};

/** @param month first day of the billing month as `YYYY-MM-DD` */
export async function readHeldElsewhere(database: Database, month: string): Promise<HeldElsewhere> {
  return { ...(await countOfMonth(database, month)), held: await heldByMonth(database) };
}

async function heldByMonth(database: Database): Promise<HeldElsewhere['held']> {
  const sums = new Map<string | null, number>();
  for await (const [counts] of walkWindows<[HeldCounts]>(database, countHeldByMonth, [])) {
    for (const [month, bills] of counts) sums.set(month, (sums.get(month) ?? 0) + bills);
  }
  const newestFirst = [...sums].sort(([one], [other]) => ((one ?? '') < (other ?? '') ? 1 : -1));
  return newestFirst.map(([month, bills]) => ({ month, bills }));
}

type HeldCounts = readonly (readonly [month: string | null, bills: number])[];

/** @param month first day of the billing month as `YYYY-MM-DD` */
export async function countOfMonth(
  database: Database,
  month: string,
): Promise<Pick<HeldElsewhere, 'ofMonth' | 'unregistered'>> {
  const [ofMonth = 0, unregistered = 0] = await sumOverWindows(database, countsOfMonth, [month]);
  return { ofMonth, unregistered };
}
