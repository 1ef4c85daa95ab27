import type { BillId, MemberId, SendStatus } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';

/** Conditions on bills; all that are given must be met. */
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

export interface FoundRow {
  readonly billId: BillId;
  readonly memberId: MemberId;
  /** `YYYY-MM`; null if the bill itself is missing. */
  readonly month: string | null;
  readonly sendStatus: SendStatus;
  readonly isHeld: boolean;
  readonly isWaiting: boolean;
  readonly channel: Channel;
  readonly cycle: number;
  readonly attempts: number;
  readonly reason: string | null;
  readonly changedAt: Date;
  readonly notBefore: Date | null;
  readonly inDoubtAt: Date | null;
  readonly retransmitAt: Date | null;
}

/** Part of a search: the rows that were looked at, in the order of their ids, and those that were found. */
export interface SearchWindow {
  readonly rows: number;
  /** The last one that was looked at; null if there was none. */
  readonly upTo: BillId | null;
  readonly found: readonly FoundRow[];
}

/** Rows that have an index. */
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
 * index on doubts does not have the ids, and with the index on all ids beside it the month would be read.
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

/**
 * By what index the rows are looked at. Some states have one by a column that only they set; no index knows
 * the others, so these are compared row by row.
 */
const sources = {
  bill: 'select $3::bigint as bill_id where $3::bigint > $1::bigint and $2::int > 0',
  member:
    'select b.bill_id from source_bills b where b.member_id = $4::bigint and b.bill_id > $1::bigint order by b.bill_id limit $2',
  month: `select b.bill_id from source_bills b where b.billing_month = $5::date and b.bill_id > $1::bigint
    order by b.bill_id limit $2`,
  failed: rowsBy('failed'),
  failedOfMonth: rowsOfMonthBy('failed'),
  held: rowsBy('held'),
  heldOfMonth: rowsOfMonthBy('held'),
  doubt: rowsBy('doubt'),
  doubtOfMonth: rowsOfMonthBy('doubt'),
  cancelled: rowsBy('cancelled'),
  cancelledOfMonth: rowsOfMonthBy('cancelled'),
  all: 'select w.bill_id from bill_notification w where w.bill_id > $1::bigint order by w.bill_id limit $2',
} as const;

function windowStatement(source: keyof typeof sources) {
  return {
    name: `search-${source}`,
    text: `
    with looked as materialized (${sources[source]})
    select ends.looked_at, ends.up_to, n.bill_id, to_char(b.billing_month, 'YYYY-MM'), n.send_status,
           n.publish_status = 'HELD', n.send_status = 'PENDING' and n.not_before > now(), n.channel, n.cycle,
           n.attempts, n.reason, n.changed_at, nullif(n.not_before, '-infinity'), n.in_doubt_at, n.retransmit_at,
           n.member_id
    from (select count(*)::int as looked_at, max(bill_id) as up_to from looked) ends
    left join (
      select l.bill_id from looked l join bill_notification n on n.bill_id = l.bill_id
        left join source_bills b on b.bill_id = l.bill_id
      where ($3::bigint is null or n.bill_id = $3)
        and ($4::bigint is null or n.member_id = $4)
        and ($5::date is null or b.billing_month = $5)
        and ($6::text is null or n.send_status = $6)
        and ($7::boolean is null or (n.publish_status = 'HELD') = $7)
        and ($8::boolean is null or (n.not_before > now()) = $8)
        and ($9::text is null or n.channel = $9)
        and ($10::text is null or n.reason = $10)
        and ($11::timestamptz is null or n.changed_at >= $11)
        and ($12::timestamptz is null or n.changed_at < $12)
        and ($14::int is null or n.run = $14)
      order by l.bill_id
      limit $13
    ) hit on true
    left join bill_notification n on n.bill_id = hit.bill_id
    left join source_bills b on b.bill_id = hit.bill_id
    order by hit.bill_id`,
  };
}

const statements = {
  bill: windowStatement('bill'),
  member: windowStatement('member'),
  month: windowStatement('month'),
  failed: windowStatement('failed'),
  failedOfMonth: windowStatement('failedOfMonth'),
  held: windowStatement('held'),
  heldOfMonth: windowStatement('heldOfMonth'),
  doubt: windowStatement('doubt'),
  doubtOfMonth: windowStatement('doubtOfMonth'),
  cancelled: windowStatement('cancelled'),
  cancelledOfMonth: windowStatement('cancelledOfMonth'),
  all: windowStatement('all'),
} as const;

type Row = [
  ...[rows: number, upTo: BillId | null, billId: BillId | null, month: string | null, sendStatus: SendStatus],
  ...[isHeld: boolean, isWaiting: boolean, channel: Channel, cycle: number, attempts: number],
  ...[reason: string | null, changedAt: Date, notBefore: Date | null, inDoubtAt: Date | null],
  ...[retransmitAt: Date | null, memberId: MemberId],
];

/**
 * Looks at the next rows behind `after`, at most `rows`, and returns at most `limit` of those that are found.
 */
export async function searchWindow(
  database: Database,
  conditions: SearchConditions,
  { after, rows, limit }: { after: string; rows: number; limit: number },
): Promise<SearchWindow> {
  const answer = await database.query<Row>(statements[sourceOf(conditions)], [
    after,
    rows,
    ...valuesOf(conditions),
    limit,
    conditions.run ?? null,
  ]);
  return {
    rows: answer[0]?.[0] ?? 0,
    upTo: answer[0]?.[1] ?? null,
    found: answer.flatMap((row) => (row[2] === null ? [] : [foundOf(row, row[2])])),
  };
}

function valuesOf(conditions: SearchConditions): unknown[] {
  const { billId, memberId, month, sendStatus, isHeld, isWaiting, channel, reason } = conditions;
  const { changedFrom, changedBefore } = conditions;
  const values = [
    billId,
    memberId,
    month,
    sendStatus,
    isHeld,
    isWaiting,
    channel,
    reason,
    changedFrom,
    changedBefore,
  ];
  return values.map((value) => value ?? null);
}

function sourceOf(conditions: SearchConditions): keyof typeof sources {
  const { billId, memberId, month } = conditions;
  if (billId !== undefined) return 'bill';
  if (memberId !== undefined) return 'member';
  const known = indexOf(conditions);
  if (known === undefined) return month === undefined ? 'all' : 'month';
  return month === undefined ? known : `${known}OfMonth`;
}

function indexOf({ sendStatus, isHeld }: SearchConditions): keyof typeof conditionsByIndex | undefined {
  if (sendStatus === 'FAILED') return 'failed';
  if (sendStatus === 'IN_DOUBT') return 'doubt';
  if (sendStatus === 'CANCELLED') return 'cancelled';
  return isHeld === true ? 'held' : undefined;
}

function foundOf(row: Row, billId: BillId): FoundRow {
  const [, , , month, sendStatus, isHeld, isWaiting, channel, cycle, attempts, reason, changedAt] = row;
  const [notBefore, inDoubtAt, retransmitAt, memberId] = row.slice(12) as [
    ...[Date | null, Date | null, Date | null],
    MemberId,
  ];
  return {
    billId,
    memberId,
    month,
    sendStatus,
    isHeld,
    isWaiting,
    channel,
    cycle,
    attempts,
    reason,
    changedAt,
    notBefore,
    inDoubtAt,
    retransmitAt,
  };
}
