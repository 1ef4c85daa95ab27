import type { BillId, MemberId, SendStatus } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import type { Statement } from '../statement.ts';
import { type SearchConditions, type SearchSource, searchSourceOf, searchSources } from './searchSources.ts';

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

/** A part of a search: the rows that were looked at, in the order of their ids, and those that match. */
export interface SearchWindow {
  readonly rows: number;
  /** The last row that was looked at; null if there was none. */
  readonly upTo: BillId | null;
  readonly found: readonly FoundRow[];
}

function windowStatement(source: SearchSource) {
  return {
    name: `search-${source}`,
    text: `
    with looked as materialized (${searchSources[source]})
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

const statements = Object.fromEntries(
  Object.keys(searchSources).map((source) => [source, windowStatement(source as SearchSource)]),
) as Record<SearchSource, Statement>;

type Row = [
  ...[rows: number, upTo: BillId | null, billId: BillId | null, month: string | null, sendStatus: SendStatus],
  ...[isHeld: boolean, isWaiting: boolean, channel: Channel, cycle: number, attempts: number],
  ...[reason: string | null, changedAt: Date, notBefore: Date | null, inDoubtAt: Date | null],
  ...[retransmitAt: Date | null, memberId: MemberId],
];

/** Looks at the next rows behind `after`, at most `rows`, and returns at most `limit` of those that match. */
export async function searchWindow(
  database: Database,
  conditions: SearchConditions,
  { after, rows, limit }: { after: string; rows: number; limit: number },
): Promise<SearchWindow> {
  const answer = await database.query<Row>(statements[searchSourceOf(conditions)], [
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
