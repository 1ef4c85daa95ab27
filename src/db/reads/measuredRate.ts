import type { Database } from '../database.ts';

/** How fast bills of a month were sent. */
export interface MeasuredRate {
  /** `YYYY-MM` */
  readonly month: string;
  readonly billsPerSecond: number;
  /** How many delivered bills it was measured from. */
  readonly bills: number;
}

/** Only so many bills are looked at. Bills with similar ids are sent at about the same time. */
const billsLookedAt = 50_000;
/** Fewer bills say nothing about a month. */
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

/** The rate in the first of these months with enough delivered bills; undefined if there is none. */
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
