import type { Database } from '../database.ts';
import { billsOfMonth } from '../source/billTables.ts';
import { sumOverWindows } from '../windows.ts';

/** The facts that the verifier reads from the database. */
export interface Accounts {
  readonly bills: number;
  readonly delivered: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly inDoubt: number;
  readonly waiting: number;
  /** Bills on their way, or held: somebody named in the state table will move them. */
  readonly inProgress: number;
  /** Bills that are PENDING and PUBLISHED for longer than the orphan limit; lost only if the lag is 0. */
  readonly orphaned: number;
  /** Bills that are SENDING or SENT under a dead owner for longer than two sweeps, or in no batch at all. */
  readonly abandoned: number;
  /** FAILED bills whose dead letter is neither published nor owed. */
  readonly withoutDeadLetter: number;
}

/** @param looked the ids of a window's bills */
function accountText(looked: string): string {
  return `
    with looked as materialized (${looked})
    select count(*)::int, max(n.bill_id), count(*)::int,
           count(*) filter (where send_status = 'DELIVERED')::int,
           count(*) filter (where send_status = 'FAILED')::int,
           count(*) filter (where send_status = 'CANCELLED')::int,
           count(*) filter (where send_status = 'IN_DOUBT')::int,
           count(*) filter (where send_status = 'PENDING' and not_before > now())::int,
           count(*) filter (where send_status in ('SENDING', 'SENT')
             or (send_status = 'PENDING' and not_before <= now()))::int,
           count(*) filter (where send_status = 'PENDING' and publish_status = 'PUBLISHED'
             and not_before <= now()
             and greatest(changed_at, published_at) < now() - $1::float8 * interval '1 ms')::int,
           count(*) filter (where send_status in ('SENDING', 'SENT')
             and n.changed_at < now() - $2::float8 * interval '1 ms'
             and not exists (
               select 1 from claim_batch batch join dispatcher d on d.id = batch.owner
               where batch.token = n.claim_token
                 and d.heartbeat_at > now() - $2::float8 * interval '1 ms'))::int,
           count(*) filter (where send_status = 'FAILED' and publish_status = 'HELD')::int
    from looked join bill_notification n on n.bill_id = looked.bill_id`;
}

const accountForAll = {
  name: 'account-for-bills',
  text: accountText(
    'select bill_id from bill_notification where bill_id > $3::bigint order by bill_id limit $4',
  ),
};

const accountForMonth = {
  name: 'account-for-month',
  text: accountText(`
      select b.bill_id from ${billsOfMonth('$3')} and b.bill_id > $4::bigint order by b.bill_id limit $5`),
};

/**
 * Accounts for every bill by what will move it next.
 * @param options `orphanAfterMs`: the orphan limit; `abandonedAfterMs`: the claim's TTL and two sweeps;
 * `month`: only the bills of this month (its first day, `YYYY-MM-DD`)
 */
export async function accountForBills(
  database: Database,
  options: { orphanAfterMs: number; abandonedAfterMs: number; month?: string | undefined },
): Promise<Accounts> {
  const { orphanAfterMs, abandonedAfterMs, month } = options;
  const limits = [orphanAfterMs, abandonedAfterMs];
  const [
    bills,
    delivered,
    failed,
    cancelled,
    inDoubt,
    waiting,
    inProgress,
    orphaned,
    abandoned,
    withoutDeadLetter,
  ] =
    month === undefined
      ? await sumOverWindows(database, accountForAll, limits)
      : await sumOverWindows(database, accountForMonth, [...limits, month]);
  return {
    bills: bills ?? 0,
    delivered: delivered ?? 0,
    failed: failed ?? 0,
    cancelled: cancelled ?? 0,
    inDoubt: inDoubt ?? 0,
    waiting: waiting ?? 0,
    inProgress: inProgress ?? 0,
    orphaned: orphaned ?? 0,
    abandoned: abandoned ?? 0,
    withoutDeadLetter: withoutDeadLetter ?? 0,
  };
}
