import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import type { StateCounts } from '../reads/stateCounts.ts';
import type { Statement } from '../statement.ts';
import { countColumns, countFilters, countNames, sumColumns, windowNames } from './countNames.ts';
import { type CountScope, ofAllBills, ofOneMonth } from './countScope.ts';
import { lastIdOf, smallTableBytes } from './countWindow.ts';

/** Counts from windows, from moves, and from the indexes of rare states. */
export interface KeptCounts {
  readonly counts: StateCounts;
  /** The database's time at the moment of the counts. */
  readonly asOf: Date;
  /** When the oldest count of a window was made. */
  readonly oldestAt: Date;
  /** By how many bills the windows' counts were wrong before they were last corrected. */
  readonly drift: number;
  /** Whether, as far as is known, nothing has moved since each window was counted. */
  readonly isSettled: boolean;
}

/** The most rows that are counted through an index. If there are more, the windows' counts are used. */
const mostByIndex = 5_000;
/** The most bills behind the last counted window that are counted with each answer. */
const mostBehind = 20_000;

const [, ...moved] = countNames;
/** Counts of windows and of the bills behind them that moves do not change. */
const beside = ['waiting', 'letters', 'retransmit'] as const;
const counted = [...countNames, ...beside] as const;

function readStatement(name: string, { windows, moves, isMeant, also }: CountScope): Statement {
  const meant = `filter (where ${isMeant('n')})`;
  return {
    name,
    text: `
    with ${windows}, part_sum as (
      select ${sumColumns([...windowNames, 'drift'])}, min(counted_at) as oldest_at from kept
    ), moved as (
      select 0 as total, count(*)::int as rows,
             ${moved.map((column) => `coalesce(sum(${column}) filter (where counts), 0)::int as ${column}`).join(', ')}
      from (${moves}) move
    ), behind as (
      select count(*)::int as rows, ${countColumns(counted, countFilters('n', '$1'), 'n.is_meant')}
      from (
        select n.*, ${isMeant('n')} as is_meant from (
          select bill_id, send_status, publish_status, channel, not_before, retransmit_at from bill_notification
          where bill_id > (select ${lastIdOf('c')} from bill_count c where c.counted_at is not null
            order by c.first_id desc limit 1)
          order by bill_id limit ${mostBehind}
        ) n offset 0
      ) n
    ), flight as (
      select count(*) filter (where n.send_status = 'SENDING')::int as sending,
             count(*) filter (where n.send_status = 'SENT')::int as sent
      from claim_batch batch cross join lateral (
        select row.bill_id, row.send_status from bill_notification row
        where row.bill_id = any(batch.bill_ids) and row.claim_token = batch.token offset 0
      ) n
      where ${isMeant('n')}
    ), due as (
      select count(*)::int as rows, count(*) ${meant}::int as bills,
             count(*) filter (where send_status = 'FAILED' and ${isMeant('n')})::int as letters
      from (
        select bill_id, send_status from bill_notification where publish_status = 'PENDING' and not_before <= now()
        limit ${mostByIndex}) n
    ), later as (${countedByIndex(`publish_status = 'PENDING' and not_before > now()`, meant)}
    ), doubt as (${countedByIndex('in_doubt_at is not null', meant)}
    ), again as (${countedByIndex('retransmit_at is not null', meant)}
    )
    select pg_relation_size('bill_notification') > $2::bigint and known.is_whole and behind.rows < ${mostBehind},
           now(), part_sum.oldest_at, part_sum.drift,
           json_build_object(
             ${countNames.map((column) => `'${column}', part_sum.${column} + moved.${column} + behind.${column}`).join(', ')},
             ${beside.map((column) => `'${column}', part_sum.${column} + behind.${column}`).join(', ')},
             'confirmed', part_sum.confirmed, 'bounced', part_sum.bounced, 'moves', moved.rows,
             'sending', flight.sending, 'sent', flight.sent,
             'dueRows', due.rows, 'due', due.bills, 'dueLetters', due.letters,
             'laterRows', later.rows, 'later', later.bills, 'doubtRows', doubt.rows, 'doubt', doubt.bills,
             'againRows', again.rows, 'again', again.bills,
             'owedPoison', ${also('poison_record where published_at is null')},
             'letteredPoison', ${also('poison_record where published_at is not null')},
             'earlyEvents', ${also('early_event')})
    from known, part_sum, moved, behind, flight, due, later, doubt, again`,
  };
}

function countedByIndex(condition: string, meant: string): string {
  return `
      select count(*)::int as rows, count(*) ${meant}::int as bills
      from (select bill_id from bill_notification where ${condition} limit ${mostByIndex}) n`;
}

const read = readStatement('read-kept-counts', ofAllBills);
const readOfMonth = readStatement('read-kept-counts-of-month', ofOneMonth);

type Found = Readonly<
  Record<
    | (typeof countNames)[number]
    | (
        | 'waiting'
        | 'letters'
        | 'confirmed'
        | 'bounced'
        | 'retransmit'
        | 'moves'
        | 'sending'
        | 'sent'
        | 'dueLetters'
      )
    | (ByIndex | `${ByIndex}Rows`)
    | ('owedPoison' | 'letteredPoison' | 'earlyEvents'),
    number
  >
>;
type ByIndex = 'due' | 'later' | 'doubt' | 'again';

export interface KeptCountsOptions {
  /** The channel with which a cycle begins. */
  readonly first: Channel;
  /** Only the bills of this month: its first day as `YYYY-MM-DD`. */
  readonly month?: string | undefined;
  readonly smallBytes?: number;
}

/** Undefined while there are few bills, or while not all of them are counted yet: then count all bills. */
export async function readKeptCounts(
  database: Database,
  { first, month, smallBytes = smallTableBytes }: KeptCountsOptions,
): Promise<KeptCounts | undefined> {
  const [row] =
    month === undefined
      ? await database.query<Row>(read, [first, smallBytes])
      : await database.query<Row>(readOfMonth, [first, smallBytes, month]);
  if (row?.[0] !== true) return undefined;
  const [, asOf, oldestAt, drift, found] = row;
  return { counts: countsOf(found), asOf, oldestAt: oldestAt ?? asOf, drift, isSettled: isSettled(found) };
}

type Row = [isKnown: boolean, asOf: Date, oldestAt: Date | null, drift: number, found: Found];

function isSettled({ moves, sending, sent, dueRows }: Found): boolean {
  return moves + sending + sent === 0 && dueRows < mostByIndex;
}

/** Pure. PENDING has neither an index nor a count: it is the total without all others. */
function countsOf(found: Found): StateCounts {
  const { total, delivered, cancelled, failed, sending, sent } = found;
  const inDoubt = byIndex(found.doubtRows, found.doubt, found.in_doubt);
  const waiting = byIndex(found.laterRows, found.later, found.waiting);
  const letters = byIndex(found.dueRows, found.dueLetters, found.letters);
  const pending = Math.max(0, total - failed - inDoubt - sending - sent - delivered - cancelled);
  return {
    pending,
    waiting,
    held: Math.max(0, Math.min(found.held, pending)),
    owed: byIndex(found.dueRows, found.due, found.owed - waiting) + found.owedPoison,
    sending,
    sent,
    delivered,
    confirmed: found.confirmed,
    bounced: found.bounced,
    failed,
    inDoubt,
    cancelled,
    total,
    deadLetters: Math.max(0, failed - letters) + found.letteredPoison,
    retransmissions: byIndex(found.againRows, found.again, found.retransmit),
    sms: Math.max(0, found.sms),
    earlyEvents: found.earlyEvents,
  };
}

/** The index's count if all of its rows were read. If there were too many, the windows' count. */
function byIndex(rows: number, counted: number, keptCount: number): number {
  return rows < mostByIndex ? counted : Math.max(counted, keptCount);
}
