import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { beforeAllBills } from '../sql.ts';
import { countColumns, countFilters, sumColumns, windowNames } from './countNames.ts';
import { heardBills } from './heardBills.ts';

/** The bills of a window. Counting it takes some milliseconds. */
const billsPerWindow = 16_384;
/** If the table is smaller, all bills are counted at once, and there are no windows. */
export const smallTableBytes = 32 * 1024 * 1024;
/**
 * A window is counted again when nothing has moved in it for so long, because moves are written up to a
 * second late.
 */
const quietMs = 3_000;

/** The window that needs a count most, and how urgently. */
export interface NextWindow {
  readonly firstId: string;
  /** The next window's first id; null for the last one. */
  readonly endId: string | null;
  /** False if no change is known; there may still have been some. */
  readonly isKnownToDiffer: boolean;
  /** Never counted, or not by month. Until it is counted, each request for such counts reads all rows. */
  readonly isUncounted: boolean;
  /** How long ago it was counted, in ms; 0 if it never was. */
  readonly countedMsAgo: number;
}

/** How many windows one statement makes. It reads the bills of so many. */
const windowsAtOnce = 16;

/** Cuts the bills behind the last window into windows; if there is none, all bills. */
const begin = {
  name: 'begin-counts',
  text: `
    with last as (
      select coalesce(max(first_id), '${beforeAllBills}'::bigint) as first_id, count(*) = 0 as is_first
      from bill_count
      having pg_relation_size('bill_notification') > $1::bigint
    ), cut as (
      select bill_id from (
        select bill_id, row_number() over (order by bill_id) as place
        from (
          select n.bill_id from bill_notification n where n.bill_id >= (select first_id from last)
          order by n.bill_id limit ${billsPerWindow * windowsAtOnce} + 1
        ) row
      ) numbered
      where place > 1 and place % ${billsPerWindow} = 1
    ), made as (
      insert into bill_count (first_id)
      select first_id from last where is_first union all select bill_id from cut
      on conflict (first_id) do nothing
      returning first_id
    )
    select count(made.first_id)::int from last left join made on true group by last.first_id`,
};

/**
 * Makes the windows as soon as there are many bills: all at once, so that every process knows them before the
 * first is counted. Later windows are made by `countWindow`.
 * @returns how many were made; undefined while there are few bills
 */
export async function beginCounts(
  database: Database,
  smallBytes = smallTableBytes,
): Promise<number | undefined> {
  for (let windows = 0; ; ) {
    const [row] = await database.query<[number]>(begin, [smallBytes]);
    if (row === undefined) return undefined;
    windows += row[0];
    if (row[0] < windowsAtOnce) return windows;
  }
}

/** The last id that was counted in a window, also in an empty one. */
export function lastIdOf(window: string): string {
  return `coalesce(${window}.last_id, greatest(${window}.first_id, '${beforeAllBills}'::bigint + 1) - 1)`;
}

const next = {
  name: 'next-count-window',
  text: `
    with part as (
      select first_id, lead(first_id) over (order by first_id) as end_id, last_id, counted_at,
             counted_at is null or not has_months as is_new
      from bill_count
    ), moved as (
      select first_id, max(at) < now() - $1::float8 * interval '1 ms' as is_quiet from bill_move group by first_id
    ), judged as (
      select part.*, part.is_new or coalesce(moved.is_quiet, false)
               or (part.end_id is null and ${lastIdOf('part')} < (select max(bill_id) from bill_notification)) as differs
      from part left join moved using (first_id)
    )
    select first_id::text, end_id::text, differs, is_new,
           coalesce(extract(epoch from clock_timestamp() - counted_at)::float8 * 1000, 0)
    from judged
    order by counted_at is null desc, is_new desc, differs desc, counted_at
    limit 1`,
};

export async function nextWindowToCount(database: Database): Promise<NextWindow | undefined> {
  const [row] = await database.query<[string, string | null, boolean, boolean, number]>(next, [quietMs]);
  if (row === undefined) return undefined;
  const [firstId, endId, isKnownToDiffer, isUncounted, countedMsAgo] = row;
  return { firstId, endId, isKnownToDiffer, isUncounted, countedMsAgo };
}

const isMisdated = `(send_status = 'FAILED') <> (failed_at is not null)
               or (send_status = 'CANCELLED') <> (cancelled_at is not null)`;

/** Limits an id to the window. */
function inWindow(id: string): string {
  return `${id} >= $1::bigint and ${id} < coalesce($2::bigint, 9223372036854775807)`;
}

/**
 * The month of the window's bills, if all have the same one. It reads only the source's bills in that range
 * of ids.
 */
const month = {
  name: 'month-of-count-window',
  text: `
    with range as materialized (
      select min(bill_id) as first_id, max(bill_id) as last_id, count(*) as bills
      from (select bill_id from bill_notification where ${inWindow('bill_id')} order by bill_id limit $3) row
    )
    select min(b.billing_month)::text from source_bills b
    where b.bill_id between (select first_id from range) and (select last_id from range)
    having min(b.billing_month) = max(b.billing_month) and count(*) = (select bills from range)`,
};

const windowRows = `
      select bill_id, send_status, publish_status, channel, not_before, failed_at, cancelled_at, retransmit_at
      from bill_notification
      where ${inWindow('bill_id')}
      order by bill_id
      limit $3`;

const countOfMonth = {
  name: 'count-window-of-month',
  text: countText(`by_month as materialized (
      select $5::date as billing_month, ${monthColumns()}
      from (${windowRows}
      ) row
      ${joinHeard()}
      having count(*) > 0
    )`),
};

const countOfMonths = {
  name: 'count-window-of-months',
  text: countText(`row as materialized (${windowRows}
    ), by_month as materialized (
      select b.billing_month, ${monthColumns()}
      from row
      left join (
        select bill_id, billing_month from source_bills source
        where source.bill_id between (select min(bill_id) from row) and (select max(bill_id) from row)
      ) b on b.bill_id = row.bill_id
      ${joinHeard()}
      group by b.billing_month
    )`),
};

function monthColumns(): string {
  return `${countColumns(windowNames, countFilters('row', '$4'))},
             count(*) filter (where ${isMisdated})::int as misdated, max(row.bill_id) as last_id`;
}

function joinHeard(): string {
  return `left join (${heardBills(inWindow('r.bill_id'))}) heard on heard.bill_id = row.bill_id`;
}

/**
 * Counts by month and deletes the moves, in one snapshot. If a window has grown too large, it is cut: the
 * rest becomes a new window, which is counted next. `drift` is the difference that the moves do not explain.
 * @param byMonth common table expressions; `by_month` has a row per month of the window's bills
 */
function countText(byMonth: string): string {
  return `
    with ${byMonth}, counted as materialized (
      select ${sumColumns([...windowNames, 'misdated'])}, max(last_id) as last_id from by_month
    ), gone as (
      delete from bill_move where first_id = $1::bigint returning delivered, cancelled, failed
    ), moved as (
      select coalesce(sum(delivered), 0) as delivered, coalesce(sum(cancelled), 0) as cancelled,
             coalesce(sum(failed), 0) as failed
      from gone
    ), rest as (
      insert into bill_count (first_id) select last_id + 1 from counted where total = $3
      on conflict (first_id) do nothing
    ), gone_months as (
      delete from bill_month_count c where c.first_id = $1::bigint
        and not exists (select from by_month m where m.billing_month = c.billing_month)
    ), months as (
      insert into bill_month_count (first_id, billing_month, ${windowNames.join(', ')})
      select $1::bigint, billing_month, ${windowNames.join(', ')} from by_month where billing_month is not null
      on conflict (first_id, billing_month) do update
      set ${windowNames.map((name) => `${name} = excluded.${name}`).join(', ')}
    ), written as (
      update bill_count c
      set last_id = counted.last_id, counted_at = now(), has_months = true,
          ${windowNames.map((name) => `${name} = counted.${name}`).join(', ')},
          drift = case when c.counted_at is null or c.total <> counted.total then 0 else
            abs(counted.delivered - c.delivered - moved.delivered)
            + abs(counted.cancelled - c.cancelled - moved.cancelled)
            + abs(counted.failed - c.failed - moved.failed) end
      from counted, moved where c.first_id = $1::bigint
      returning c.drift
    )
    select counted.misdated, coalesce((select drift from written), 0) from counted`;
}

/**
 * Sets the times that a transition would have set, in rows that an older billcast or a billing batch wrote.
 */
const date = {
  name: 'date-ends',
  text: `
    update bill_notification
    set failed_at = case when send_status = 'FAILED' then coalesce(failed_at, changed_at) end,
        cancelled_at = case when send_status = 'CANCELLED' then coalesce(cancelled_at, changed_at) end
    where ${inWindow('bill_id')} and (${isMisdated})`,
};

/**
 * Counts one window.
 * @param first the channel with which a cycle begins
 * @returns the drift that was found, in bills
 */
export async function countWindow(
  database: Database,
  { firstId, endId }: Pick<NextWindow, 'firstId' | 'endId'>,
  first: Channel,
): Promise<number> {
  const bounds = [firstId, endId, billsPerWindow];
  const [ofOne] = await database.query<[string]>(month, bounds);
  const [row] = await (ofOne === undefined
    ? database.query<[number, number]>(countOfMonths, [...bounds, first])
    : database.query<[number, number]>(countOfMonth, [...bounds, first, ...ofOne]));
  const [misdated, drift] = row ?? [0, 0];
  if (misdated > 0) await database.query(date, [firstId, endId]);
  return drift;
}
