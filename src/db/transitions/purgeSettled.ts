import { countedMove } from '../counts/countedMoves.ts';
import type { Database } from '../database.ts';
import { billIdsOfMonth } from '../source/billTables.ts';
import { queryCount } from '../sql.ts';

const purgePoison = {
  name: 'purge-poison',
  text: `
    with old as (
      select topic, partition, "offset", recorded_at from poison_record
      where published_at < now() - $1::float8 * interval '1 day'
      order by published_at
      limit $2
      for update skip locked
    ), gone as (
      delete from poison_record p using old
      where (p.topic, p.partition, p."offset", p.recorded_at)
        = (old.topic, old.partition, old."offset", old.recorded_at)
      returning 1
    )
    select count(*)::int from gone`,
};

/**
 * Deletes records that could not be used, `days` after their dead letters were acknowledged; returns how
 * many.
 */
export function purgePoisonRecords(
  database: Database,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  return queryCount(database, purgePoison, [days, limit]);
}

const selectMonth = {
  name: 'month-to-purge',
  text: `
    select to_char(billing_month, 'YYYY-MM-DD'), coalesce(purged_through, 0)::text from closed_month
    where state in ('closed', 'purging') and closed_at < now() - $1::float8 * interval '1 day'
    order by billing_month
    limit 1`,
};

/**
 * The month is a value: joined to the table of closed months, each sweep would read all bills to find none.
 */
const purgeBills = {
  name: 'purge-bills',
  text: `
    with month as (
      select billing_month from closed_month
      where billing_month = $1::date and state in ('closed', 'purging')
      for update
    ), page as materialized (
      ${billIdsOfMonth('$1')} and b.bill_id > $2::bigint and exists (select 1 from month)
      order by b.bill_id
      limit $3
    ), gone as (
      delete from bill_notification n using page
      where n.bill_id = page.bill_id
        and (n.send_status in ('DELIVERED', 'CANCELLED')
          or (n.send_status = 'FAILED' and n.publish_status = 'PUBLISHED' and n.retransmit_at is null))
      returning n.bill_id
    ), ${countedMove('gone', {})}, receipts as (
      delete from bill_receipt r using gone where r.bill_id = gone.bill_id
    ), tries as (
      delete from view_link_try v using gone where v.bill_id = gone.bill_id
    ), names as (
      delete from bill_reference reference using gone where reference.bill_id = gone.bill_id
    ), moved as (
      update closed_month c
      set state = case when (select count(*) from page) < $3 then 'purged' else 'purging' end,
          purged_through = greatest(c.purged_through, $2::bigint, (select max(bill_id) from page))
      from month where c.billing_month = month.billing_month
    )
    select (select count(*) from gone)::int from month`,
};

/**
 * Deletes the rows of the oldest month that was closed more than `days` ago, `limit` bills of it, with their
 * receipts, the tries of their links and their ids in the billing system. Each row is deleted only if its
 * bill is still final.
 * @returns how many bills it deleted; undefined if no closed month is old enough
 */
export async function purgeSettledBills(
  database: Database,
  { days, limit }: { days: number; limit: number },
): Promise<number | undefined> {
  const [month] = await database.query<[string, string]>(selectMonth, [days]);
  if (month === undefined) {
    return undefined;
  }
  const [row] = await database.query<[number]>(purgeBills, [...month, limit]);
  return row?.[0];
}
