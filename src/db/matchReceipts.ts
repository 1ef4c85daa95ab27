import type { Database } from './database.ts';
import { owedReceipts } from './outcomes/owedReceipts.ts';
import { queryCount } from './sql.ts';
import { suppressedByReceipts } from './suppressions.ts';

/**
 * The journal tells which message has the id. It has no index for that, since every bill would pay for one.
 * So many receipts are looked up at a time, and those that are not found less and less often. An id that
 * several messages have says nothing about any of them.
 */
const match = {
  name: 'match-receipts',
  text: `
    with due as (
      select provider, provider_id, kind from unmatched_receipt
      where look_at <= now()
      order by look_at
      limit $1
      for update skip locked
    ), found as (
      select a.provider_id, min(a.bill_id) as bill_id, min(a.cycle) as cycle, min(a.channel) as channel
      from delivery_attempt a
      where a.outcome = 'ACCEPTED' and a.provider_id = any(select provider_id from due)
        and a.claim_token >= $2::uuid
      group by a.provider_id
      having count(distinct (a.bill_id, a.cycle, a.channel)) = 1
    ), gone as (
      delete from unmatched_receipt u using due, found
      where u.provider = due.provider and u.provider_id = due.provider_id and u.kind = due.kind
        and found.provider_id = u.provider_id
      returning u.*, found.bill_id, found.cycle, found.channel
    ), strangers as (
      delete from unmatched_receipt u using due
      where u.provider = due.provider and u.provider_id = due.provider_id and u.kind = due.kind
        and u.received_at < $3::timestamptz
        and not exists (select 1 from found where found.provider_id = u.provider_id)
    ), later as (
      update unmatched_receipt u
      set look_at = now() + least(greatest(now() - u.received_at, interval '30 seconds'), interval '1 hour')
      from due
      where u.provider = due.provider and u.provider_id = due.provider_id and u.kind = due.kind
        and u.received_at >= $3::timestamptz
        and not exists (select 1 from found where found.provider_id = u.provider_id)
    ), came as (
      select distinct on (bill_id, cycle, channel, kind) * from gone order by bill_id, cycle, channel, kind, received_at
    ), stored as (
      insert into bill_receipt
        (bill_id, cycle, channel, kind, provider, came_by, provider_id, code, happened_at, received_at, times)
      select bill_id, cycle, channel, kind, provider, came_by, provider_id, code, happened_at, received_at, times
      from came
      on conflict (bill_id, cycle, channel, kind) do update set times = bill_receipt.times + excluded.times
      returning bill_id, cycle, channel, kind, xmax = 0 as is_fresh
    ), ${owedReceipts}, ${suppressedByReceipts('came.provider')}
    select count(*)::int from gone`,
};

/**
 * Matches receipts that have only the provider's id with the attempts that were accepted under it.
 * @param since the smallest token of the attempts that are searched
 * @param keptSince an older receipt that matches no attempt is not ours, and is deleted
 * @returns how many were matched
 */
export function matchReceipts(
  database: Database,
  { limit, since, keptSince }: { readonly limit: number; readonly since: string; readonly keptSince: Date },
): Promise<number> {
  return queryCount(database, match, [limit, since, keptSince]);
}
