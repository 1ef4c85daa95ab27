import type { Database } from '../database.ts';

/** How fast bills of a month went out. */
export interface MeasuredRate {
  /** `YYYY-MM` */
  readonly month: string;
  readonly billsPerSecond: number;
  /** Delivered bills that it was measured with. */
  readonly bills: number;
}

/** Bills that are near in id are sent at about the same time. */
const billsLookedAt = 50_000;
/** Fewer say nothing about a month. */
const fewestBills = 200;

/** The rate of the second in which the median bill was handed off: pauses and slow ends do not count. */
const measure = {
  name: 'measure-rate',
  text: `
    with looked as (
      select b.bill_id from source_bills b where b.billing_month = ($1 || '-01')::date order by b.bill_id limit $2
    ), seconds as (
      select count(*) as bills from looked l join bill_notification n on n.bill_id = l.bill_id
      where n.send_status = 'DELIVERED' and n.handed_off_at is not null
      group by date_trunc('second', n.handed_off_at)
    ), ranked as (
      select bills, sum(bills) over (order by bills) as up_to, sum(bills) over () as total from seconds
    )
    select bills::int, total::int from ranked where up_to * 2 >= total order by bills limit 1`,
};

/** Of the first of these months of which enough was delivered; undefined if there is none. */
export async function measureRate(
  database: Database,
  months: readonly string[],
): Promise<MeasuredRate | undefined> {
  for (const month of months) {
    const [row] = await database.query<[number, number]>(measure, [month, billsLookedAt]);
    const [billsPerSecond = 0, bills = 0] = row ?? [];
    if (bills >= fewestBills) return { month, billsPerSecond, bills };
  }
  return undefined;
}
