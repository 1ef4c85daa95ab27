import type { BillId, SendStatus } from '../../bill.ts';
import type { Channel } from '../../channels.ts';

/** Conditions on bills. A bill must meet all that are given. */
export interface SearchConditions {
  readonly billId?: BillId | undefined;
  readonly memberId?: string | undefined;
  /** First day of the billing month as `YYYY-MM-DD`. */
  readonly month?: string | undefined;
  /** The number of the run that released it. */
  readonly run?: number | undefined;
  readonly sendStatus?: SendStatus | undefined;
  readonly isHeld?: boolean | undefined;
  /** PENDING with a time in the future. */
  readonly isWaiting?: boolean | undefined;
  readonly channel?: Channel | undefined;
  readonly reason?: string | undefined;
  readonly changedFrom?: Date | undefined;
  readonly changedBefore?: Date | undefined;
}

/** Conditions for which there is an index. */
const conditionsByIndex = {
  failed: 'w.failed_at is not null',
  held: `w.publish_status = 'HELD'`,
  doubt: 'w.in_doubt_at is not null',
  cancelled: 'w.cancelled_at is not null',
} as const;

function rowsBy(index: keyof typeof conditionsByIndex): string {
  return `select w.bill_id from bill_notification w where ${conditionsByIndex[index]} and w.bill_id > $1::bigint
    order by w.bill_id limit $2`;
}

/**
 * A month's ids are often close together, so only those between its first and its last are looked at. The
 * index of doubts does not have the ids; if the index on all ids were used together with it, the whole month
 * would be read.
 */
function rowsOfMonthBy(index: keyof typeof conditionsByIndex): string {
  const id = index === 'doubt' ? 'w.bill_id + 0' : 'w.bill_id';
  return `select w.bill_id from bill_notification w
    where ${conditionsByIndex[index]}
      and ${id} > greatest($1::bigint,
        (select min(b.bill_id) - 1 from source_bills b where b.billing_month = $5::date))
      and ${id} <= (select max(b.bill_id) from source_bills b where b.billing_month = $5::date)
    order by w.bill_id limit $2`;
}

/** If a reason has so many failures or fewer, each is found by the index of reasons, and then sorted. */
const mostOfReason = 4_000;

/**
 * Failures with a common reason are found soon among all failures. Those with a rare one could be behind all
 * others.
 */
function failedByReason(common: string): string {
  return `(
      with rare as materialized (
        select w.bill_id from bill_notification w
        where w.failed_at is not null and w.reason = $10::text limit ${mostOfReason} + 1
      ), known as materialized (
        select count(*) <= ${mostOfReason} as is_rare from rare
      )
      (select bill_id from rare where (select is_rare from known) and bill_id > $1::bigint
       order by bill_id limit $2)
      union all
      (select bill_id from (${common}) common where not (select is_rare from known))
    )`;
}

/**
 * The index by which rows are looked at; for the parameters see `searchWindow`. Some states have an index on
 * a column that only they set. No index knows the other states, so these are compared row by row.
 */
export const searchSources = {
  bill: 'select $3::bigint as bill_id where $3::bigint > $1::bigint and $2::int > 0',
  member:
    'select b.bill_id from source_bills b where b.member_id = $4::bigint and b.bill_id > $1::bigint order by b.bill_id limit $2',
  month: `select b.bill_id from source_bills b where b.billing_month = $5::date and b.bill_id > $1::bigint
    order by b.bill_id limit $2`,
  failed: rowsBy('failed'),
  failedByReason: failedByReason(rowsBy('failed')),
  failedOfMonth: rowsOfMonthBy('failed'),
  failedByReasonOfMonth: failedByReason(rowsOfMonthBy('failed')),
  held: rowsBy('held'),
  heldOfMonth: rowsOfMonthBy('held'),
  doubt: rowsBy('doubt'),
  doubtOfMonth: rowsOfMonthBy('doubt'),
  cancelled: rowsBy('cancelled'),
  cancelledOfMonth: rowsOfMonthBy('cancelled'),
  all: 'select w.bill_id from bill_notification w where w.bill_id > $1::bigint order by w.bill_id limit $2',
} as const;

export type SearchSource = keyof typeof searchSources;

export function searchSourceOf(conditions: SearchConditions): SearchSource {
  const { billId, memberId, month } = conditions;
  if (billId !== undefined) return 'bill';
  if (memberId !== undefined) return 'member';
  const known = indexOf(conditions);
  if (known === undefined) return month === undefined ? 'all' : 'month';
  const index = known === 'failed' && conditions.reason !== undefined ? 'failedByReason' : known;
  return month === undefined ? index : `${index}OfMonth`;
}

/** Whether the rows are rare and found by an index: then hardly two of them share a page of the table. */
export function isSparse(conditions: SearchConditions): boolean {
  const index = indexOf(conditions);
  return index !== undefined && index !== 'held';
}

function indexOf({ sendStatus, isHeld }: SearchConditions): keyof typeof conditionsByIndex | undefined {
  if (sendStatus === 'FAILED') return 'failed';
  if (sendStatus === 'IN_DOUBT') return 'doubt';
  if (sendStatus === 'CANCELLED') return 'cancelled';
  return isHeld === true ? 'held' : undefined;
}
