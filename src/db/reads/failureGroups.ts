import type { BillId } from '../../bill.ts';
import { isOfMonthByWindow, monthVerdicts } from '../counts/monthByWindow.ts';
import type { Database } from '../database.ts';

/** FAILED bills with the same reason. */
export interface FailureGroup {
  readonly reason: string;
  readonly count: number;
  /** How many of these start their next cycle automatically. */
  readonly retransmissions: number;
  /** When the first and the last of them failed. */
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** A few of them: those that failed last. */
  readonly sample: readonly BillId[];
}

/** Scans the index of failures once, and takes five entries of it per reason. */
const ofAllMonths = {
  name: 'group-failures',
  text: `
    with failure as (
      select n.reason, count(*)::int as bills, count(n.retransmit_at)::int as retransmissions,
             min(n.failed_at) as first_at, max(n.failed_at) as last_at
      from bill_notification n
      where n.failed_at is not null
      group by n.reason
    )
    select coalesce(f.reason, 'UNKNOWN'), f.bills, f.retransmissions, f.first_at, f.last_at, newest.sample
    from failure f cross join lateral (
      select array_agg(bill_id::text) as sample from (
        (select n.bill_id from bill_notification n
         where f.reason is not null and n.reason = f.reason and n.failed_at is not null
         order by n.failed_at desc limit 5)
        union all
        (select n.bill_id from bill_notification n
         where f.reason is null and n.reason is null and n.failed_at is not null
         order by n.failed_at desc limit 5)
      ) part
    ) newest
    order by 2 desc, 1`,
};

/**
 * Scans the index of failures once and groups in its order. Most windows of bills know their month, so few
 * bills are looked up.
 */
const ofMonth = {
  name: 'group-failures-of-month',
  text: `
    with ${monthVerdicts('$1')}
    select coalesce(n.reason, 'UNKNOWN'), count(*)::int, count(n.retransmit_at)::int,
           min(n.failed_at), max(n.failed_at),
           (array_agg(n.bill_id order by n.failed_at desc))[1:5]::text[]
    from bill_notification n
    where n.failed_at is not null and ${isOfMonthByWindow('n', '$1')}
    group by n.reason
    order by 2 desc, 1`,
};

/**
 * Groups the FAILED bills by reason, largest group first, by the index of failures.
 * @param month first day of the billing month as `YYYY-MM-DD`; all months if missing
 */
export async function groupFailures(
  database: Database,
  { month }: { readonly month?: string | undefined },
): Promise<FailureGroup[]> {
  type Row = [string, number, number, Date, Date, BillId[]];
  const rows =
    month === undefined
      ? await database.query<Row>(ofAllMonths)
      : await database.query<Row>(ofMonth, [month]);
  return rows.map(([reason, count, retransmissions, firstAt, lastAt, sample]) => ({
    reason,
    count,
    retransmissions,
    firstAt,
    lastAt,
    sample,
  }));
}
