import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import type { StateCounts } from '../reads/stateCounts.ts';
import { smallTableBytes } from './countWindow.ts';

/** Counts from windows, moves and the indexes on what is rare. */
export interface KeptCounts {
  readonly counts: StateCounts;
  /** By the database, at the moment of the counts. */
  readonly asOf: Date;
  /** When the window that was counted longest ago was counted. */
  readonly oldestAt: Date;
  /** Bills by which the last counts of all windows had drifted, and which they put right. */
  readonly drift: number;
  /** Whether nothing has moved since each window was counted, as far as is known. */
  readonly isSettled: boolean;
}

/** Of what an index knows, no more than this is counted row by row. Beyond it the windows say it. */
const mostByIndex = 5_000;
/** Bills behind the last window that are counted with each answer. */
const mostBehind = 20_000;

const kept = ['total', 'held', 'owed', 'delivered', 'cancelled', 'failed', 'in_doubt', 'sms'] as const;

const filters = {
  total: 'true',
  held: `send_status = 'PENDING' and publish_status = 'HELD'`,
  owed: `publish_status = 'PENDING'`,
  delivered: `send_status = 'DELIVERED'`,
  cancelled: `send_status = 'CANCELLED'`,
  failed: `send_status = 'FAILED'`,
  in_doubt: `send_status = 'IN_DOUBT'`,
  sms: `channel <> $1 and send_status <> 'FAILED'`,
} as const satisfies Record<(typeof kept)[number], string>;

const read = {
  name: 'read-kept-counts',
  text: `
    with part as (
      select ${kept.map(sumOf).join(', ')}, ${sumOf('retransmit')}, ${sumOf('drift')},
             ${sumOf('confirmed')}, ${sumOf('bounced')},
             min(counted_at) as oldest_at, coalesce(bool_and(counted_at is not null), false) as is_whole
      from bill_count
    ), moved as (
      select 0 as total, count(*)::int as rows, ${kept.slice(1).map(sumOf).join(', ')} from bill_move
    ), behind as (
      select ${kept.map((name) => `count(*) filter (where ${filters[name]})::int as ${name}`).join(', ')}
      from (
        select send_status, publish_status, channel from bill_notification
        where bill_id > (select last_id from bill_count order by first_id desc limit 1)
        order by bill_id limit ${mostBehind}
      ) row
    ), flight as (
      select count(*) filter (where n.send_status = 'SENDING')::int as sending,
             count(*) filter (where n.send_status = 'SENT')::int as sent
      from claim_batch batch cross join unnest(batch.bill_ids) as held (bill_id) cross join lateral (
        select row.send_status from bill_notification row
        where row.bill_id = held.bill_id and row.claim_token = batch.token offset 0
      ) n
    ), due as (
      select count(*)::int as rows, count(*) filter (where send_status = 'FAILED')::int as letters from (
        select send_status from bill_notification where publish_status = 'PENDING' and not_before <= now()
        limit ${mostByIndex}) row
    ), later as (
      select count(*)::int as rows from (
        select from bill_notification where publish_status = 'PENDING' and not_before > now()
        limit ${mostByIndex}) row
    ), doubt as (
      select count(*)::int as rows from (
        select from bill_notification where in_doubt_at is not null limit ${mostByIndex}) row
    ), again as (
      select count(*)::int as rows from (
        select from bill_notification where retransmit_at is not null limit ${mostByIndex}) row
    )
    select pg_relation_size('bill_notification') > $2::bigint and part.is_whole and behind.total < ${mostBehind},
           now(), part.oldest_at, part.drift,
           json_build_object(
             ${kept.map((name) => `'${name}', part.${name} + moved.${name} + behind.${name}`).join(', ')},
             'confirmed', part.confirmed, 'bounced', part.bounced,
             'moves', moved.rows, 'retransmit', part.retransmit, 'sending', flight.sending, 'sent', flight.sent,
             'due', due.rows, 'dueLetters', due.letters, 'later', later.rows, 'doubts', doubt.rows,
             'again', again.rows,
             'owedPoison', (select count(*) from poison_record where published_at is null),
             'letteredPoison', (select count(*) from poison_record where published_at is not null),
             'earlyEvents', (select count(*) from early_event))
    from part, moved, behind, flight, due, later, doubt, again`,
};

type Found = Readonly<
  Record<
    | (typeof kept)[number]
    | ('moves' | 'retransmit' | 'sending' | 'sent' | 'due' | 'dueLetters' | 'later' | 'doubts' | 'again')
    | ('owedPoison' | 'letteredPoison' | 'earlyEvents' | 'confirmed' | 'bounced'),
    number
  >
>;

/** Undefined while there are few bills, or while not all of them are counted yet: then count all. */
export async function readKeptCounts(
  database: Database,
  first: Channel,
  smallBytes = smallTableBytes,
): Promise<KeptCounts | undefined> {
  const [row] = await database.query<[boolean, Date, Date, number, Found]>(read, [first, smallBytes]);
  if (row?.[0] !== true) return undefined;
  const [, asOf, oldestAt, drift, found] = row;
  return { counts: countsOf(found), asOf, oldestAt, drift, isSettled: isSettled(found) };
}

function isSettled({ moves, sending, sent, due }: Found): boolean {
  return moves + sending + sent === 0 && due < mostByIndex;
}

/** Pure. What is PENDING has no index and no count: it is what the others leave of the total. */
function countsOf(found: Found): StateCounts {
  const { total, delivered, cancelled, failed, sending, sent, due, later } = found;
  const inDoubt = byIndex(found.doubts, found.in_doubt);
  const pending = Math.max(0, total - failed - inDoubt - sending - sent - delivered - cancelled);
  return {
    pending,
    waiting: later,
    held: Math.max(0, Math.min(found.held, pending)),
    owed: byIndex(due, found.owed - later) + found.owedPoison,
    sending,
    sent,
    delivered,
    confirmed: found.confirmed,
    bounced: found.bounced,
    failed,
    inDoubt,
    cancelled,
    total,
    deadLetters: Math.max(0, failed - found.dueLetters) + found.letteredPoison,
    retransmissions: byIndex(found.again, found.retransmit),
    sms: Math.max(0, found.sms),
    earlyEvents: found.earlyEvents,
  };
}

/** The index's count if it is whole, and the windows' if it was cut. */
function byIndex(counted: number, keptCount: number): number {
  return counted < mostByIndex ? counted : Math.max(counted, keptCount);
}

function sumOf(name: string): string {
  return `coalesce(sum(${name}), 0)::int as ${name}`;
}
