import type { PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { type SelectedBills, selectedBills } from '../source/selectedBills.ts';
import { beforeAllBills } from '../sql.ts';
import { billsPerWindow, sumOverWindows } from '../windows.ts';
import { type SelectedCounts, SelectedTally } from './selectedTally.ts';

/**
 * A condition: a held bill that existed at `asOf`. Nothing changes a held row, so its last change is when it
 * came.
 */
export function heldSince(asOf: `$${number}`): string {
  return `n.publish_status = 'HELD' and n.send_status = 'PENDING' and n.changed_at <= ${asOf}::timestamptz`;
}

export interface CountOptions {
  readonly asOf: string;
  /** Whether the source gives the amount of each bill. */
  readonly hasAmounts: boolean;
  /** The currency of bills that name none. */
  readonly usualCurrency: string;
  /** The number of a run whose released bills count as held. */
  readonly run?: number | undefined;
  /** The bills of a window; more than a part of the hash has. */
  readonly billsAtOnce?: number;
}

type PartColumns = [
  ...[looked: number, last: string | null, channel: string | null],
  ...[held: number, others: number, later: number],
  ...[amount: string | null, firstCurrency: string | null, lastCurrency: string | null],
  ...[ofHeld: Buffer | null, ofAll: Buffer | null],
];

/**
 * Counts the bills of a selection, window by window: reads a row of each, some seconds per million. Each bill
 * counts in the state that it has when its window is read.
 */
export async function countSelected(
  database: Database,
  selection: PlannedSelection,
  { asOf, hasAmounts, usualCurrency, run, billsAtOnce = billsPerWindow }: CountOptions,
): Promise<SelectedCounts> {
  const selected = selectedBills(selection);
  const statement = {
    name: `count-selected-${selected.name}${hasAmounts ? '-amounts' : ''}`,
    text: countText(selected, hasAmounts),
  };
  // Bills that are named are counted at once: to find them in order, each window would have to look at all of
  // them.
  const limit = 'billIds' in selection ? null : billsAtOnce;
  const tally = new SelectedTally();
  for (let from: string | null = beforeAllBills; from !== null; ) {
    const values: unknown[] = [selected.value, asOf, run ?? null, from, limit, usualCurrency];
    const parts: PartColumns[] = await database.query(statement, values);
    for (const [, , channel, held, others, later, amount, first, last, ofHeld, ofAll] of parts) {
      const currencies = [first, last].filter((one) => one !== null);
      if (channel !== null) tally.add({ channel, held, others, later, amount, currencies, ofHeld, ofAll });
    }
    const [looked = 0, last = null] = parts[0] ?? [];
    from = looked === limit ? last : null;
  }
  return tally.counts({ hasAmounts, usualCurrency });
}

/**
 * One hash per 4,096 ids and channel, of which the caller makes one: so no text gets long, however many bills
 * there are. A part that the window cuts is left to the next window, which begins with it. Amounts are looked
 * up per bill: a join could be planned as a scan of all of them.
 */
function countText({ rows, id }: SelectedBills, hasAmounts: boolean): string {
  const amounts = hasAmounts
    ? `left join lateral (
        select amount, currency from source_amounts found where found.bill_id = looked.bill_id offset 0
      ) a on true`
    : 'cross join (select null::bigint as amount, null::text as currency) a';
  const hashOf = (which: string) =>
    `sha256(convert_to(string_agg(line, '' order by bill_id) filter (where ${which}), 'UTF8'))`;
  return `
    with looked as materialized (
      select n.bill_id, coalesce(n.passed[1], n.channel) collate "C" as channel,
             ${heldSince('$2')} or coalesce(n.run = $3::int, false) as is_held,
             not (n.publish_status = 'HELD' and n.send_status = 'PENDING' and n.changed_at > $2::timestamptz) as was_there
      from ${rows} and ${id} >= $4::bigint
      order by ${id}
      limit $5::int
    ), ends as materialized (
      select count(*)::int as looked, count(*) = $5::int as is_cut, (max(bill_id) >> 12) << 12 as last from looked
    ), counted as (
      select looked.*, a.amount, coalesce(a.currency, $6::text) as known_currency,
             looked.bill_id || ' ' || coalesce(a.amount::text, '') || ' ' || coalesce(a.currency, '') || chr(10) as line
      from looked ${amounts}
      where not coalesce((select is_cut from ends), false) or looked.bill_id < (select last from ends)
    ), part as (
      select bill_id >> 12 as number, channel, count(*) filter (where is_held) as held,
             count(*) filter (where not is_held and was_there) as others,
             count(*) filter (where not is_held and not was_there) as later, sum(amount) filter (where is_held) as amount,
             min(known_currency) filter (where is_held and amount is not null) as first_currency,
             max(known_currency) filter (where is_held and amount is not null) as last_currency,
             ${hashOf('is_held')} as of_held, ${hashOf('was_there')} as of_all
      from counted
      group by bill_id >> 12, channel
    )
    select ends.looked, ends.last::text, part.channel, part.held::int, part.others::int, part.later::int,
           part.amount::text, part.first_currency, part.last_currency, part.of_held, part.of_all
    from ends left join part on true
    order by part.number, part.channel`;
}

const now = {
  name: 'proposal-time',
  text: `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
};

/** The database's time, with the precision of the times in its rows. */
export async function readProposalTime(database: Database): Promise<string> {
  const [row] = await database.query<[string]>(now);
  if (row === undefined) throw new RangeError('no answer to a question about the time');
  return row[0];
}

/**
 * How many held bills of one selection another run names too.
 * @param asOf when the other run was counted: bills that were held later are no part of it
 */
export async function countOverlap(
  database: Database,
  [one, other]: readonly [PlannedSelection, PlannedSelection],
  asOf: string | null,
): Promise<number> {
  const [mine, theirs] = [selectedBills(one), selectedBills(other)];
  const statement = {
    name: `count-overlap-${mine.name}-with-${theirs.name}`,
    text: `
    with looked as materialized (
      select n.bill_id, n.publish_status = 'HELD' and n.send_status = 'PENDING'
        and n.changed_at <= coalesce($3::timestamptz, 'infinity') as is_held
      from ${mine.rows} and ${mine.id} > $4::bigint order by ${mine.id} limit $5
    )
    select count(*)::int, max(looked.bill_id), count(theirs.bill_id)::int
    from looked left join lateral (
      select n.bill_id from ${theirs.rows.replaceAll('$1', '$2')} and ${theirs.id} = looked.bill_id limit 1
    ) theirs on looked.is_held`,
  };
  const [bills = 0] = await sumOverWindows(database, statement, [mine.value, theirs.value, asOf]);
  return bills;
}
