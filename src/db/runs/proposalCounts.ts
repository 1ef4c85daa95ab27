import type { PlannedSelection } from '../../runs/plan.ts';
import type { Fingerprint } from '../../runs/proposal.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';

/** The bills of a selection at one moment. */
export interface SelectedCounts {
  /** Held since that moment or longer. */
  readonly bills: number;
  readonly notHeld: number;
  /** Sum of the billed amounts of the held ones; null if the source cannot say. */
  readonly amount: string | null;
  /** Of that sum; null if the bills have several, or it is not known. */
  readonly currency: string | null;
  /** The held ones, by the channel that each begins with. */
  readonly channels: Readonly<Record<string, number>>;
  readonly fingerprint: Fingerprint;
}

/** A held bill that was there at `asOf`: nothing moves a held row, so its last change is when it came. */
export function heldSince(asOf: `$${number}`): string {
  return `n.publish_status = 'HELD' and n.send_status = 'PENDING' and n.changed_at <= ${asOf}::timestamptz`;
}

export interface CountOptions {
  readonly asOf: string;
  /** Whether the source says what each bill asks for. */
  readonly hasAmounts: boolean;
  /** Of bills that name none. */
  readonly usualCurrency: string;
  /** A run whose released bills count as held. */
  readonly run?: number | undefined;
}

type CountColumns = [
  ...[channel: string, held: number, others: number, amount: string | null],
  ...[firstCurrency: string | null, lastCurrency: string | null],
  ...[ofHeld: string | null, ofAll: string | null],
];

/** Counts the bills of a selection: reads a row of each, some seconds per million. */
export async function countSelected(
  database: Database,
  selection: PlannedSelection,
  { asOf, hasAmounts, usualCurrency, run }: CountOptions,
): Promise<SelectedCounts> {
  const { name, rows, value } = selectedBills(selection);
  const statement = {
    name: `count-selected-${name}${hasAmounts ? '-amounts' : ''}`,
    text: countText(rows, hasAmounts),
  };
  const found = await database.query<CountColumns>(statement, [value, asOf, run ?? null, usualCurrency]);
  const [, , , , , , ofHeld, ofAll] = found[0] ?? [];
  const currencies = new Set(
    found.flatMap(([, , , , ...ends]) => ends.slice(0, 2).filter((one) => one !== null)),
  );
  return {
    bills: sum(found.map(([, held]) => held)),
    notHeld: sum(found.map(([, , others]) => others)),
    amount: hasAmounts ? String(found.reduce((all, [, , , one]) => all + BigInt(one ?? 0), 0n)) : null,
    currency: hasAmounts ? currencyOf([...currencies], usualCurrency) : null,
    channels: Object.fromEntries(found.flatMap(([channel, held]) => (held === 0 ? [] : [[channel, held]]))),
    fingerprint: { bills: ofHeld ?? '', selection: ofAll ?? '' },
  };
}

/** A hash per 4,096 ids, and one over these: no text gets long, however many bills there are. */
function countText(rows: string, hasAmounts: boolean): string {
  const amounts = hasAmounts
    ? 'left join source_amounts a on a.bill_id = row.bill_id'
    : 'cross join (select null::bigint as amount, null::text as currency) a';
  const hashOf = (which: string) =>
    `sha256(convert_to(string_agg(line, '' order by bill_id) filter (where ${which}), 'UTF8'))`;
  return `
    with counted as (
      select row.*, a.amount,
             coalesce(a.currency, $4::text) as known_currency,
             row.bill_id || ' ' || coalesce(a.amount::text, '') || ' ' || coalesce(a.currency, '') || chr(10) as line
      from (
        select n.bill_id, coalesce(n.passed[1], n.channel) collate "C" as channel,
               ${heldSince('$2')} or coalesce(n.run = $3::int, false) as is_held,
               not (n.publish_status = 'HELD' and n.send_status = 'PENDING' and n.changed_at > $2::timestamptz) as was_there
        from ${rows}
      ) row ${amounts}
    ), part as materialized (
      select bill_id >> 12 as number, channel, count(*) filter (where is_held) as held,
             count(*) filter (where not is_held) as others, sum(amount) filter (where is_held) as amount,
             min(known_currency) filter (where is_held and amount is not null) as first_currency,
             max(known_currency) filter (where is_held and amount is not null) as last_currency,
             ${hashOf('is_held')} as of_held, ${hashOf('was_there')} as of_all
      from counted
      group by bill_id >> 12, channel
    )
    select by_channel.*, whole.* from (
      select channel, sum(held)::float8, sum(others)::float8, sum(amount)::text, min(first_currency),
             max(last_currency)
      from part group by channel
    ) by_channel cross join (
      select encode(sha256(string_agg(of_held, ''::bytea order by number, channel)), 'hex'),
             encode(sha256(string_agg(of_all, ''::bytea order by number, channel)), 'hex')
      from part
    ) whole
    order by channel`;
}

/** Null if the bills have several; without a bill any would do. */
function currencyOf([first, ...others]: readonly string[], usual: string): string | null {
  return others.length > 0 ? null : (first ?? usual);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}

const now = {
  name: 'proposal-time',
  text: `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
};

/** The database's time, as exact as the times of its rows. */
export async function readProposalTime(database: Database): Promise<string> {
  const [row] = await database.query<[string]>(now);
  if (row === undefined) throw new RangeError('no answer to a question about the time');
  return row[0];
}

/**
 * How many bills of one selection another run names too, of those that are held.
 * @param asOf when the other run was counted: bills that are held since later are no part of it
 */
export async function countOverlap(
  database: Database,
  [one, other]: readonly [PlannedSelection, PlannedSelection],
  asOf: string | null,
): Promise<number> {
  const [mine, theirs] = [selectedBills(one), selectedBills(other)];
  const [row] = await database.query<[number]>(
    {
      name: `count-overlap-${mine.name}-with-${theirs.name}`,
      text: `
    select count(*)::float8 from ${mine.rows} and n.publish_status = 'HELD' and n.send_status = 'PENDING'
      and n.changed_at <= coalesce($3::timestamptz, 'infinity')
      and n.bill_id in (select n.bill_id from ${theirs.rows.replaceAll('$1', '$2')})`,
    },
    [mine.value, theirs.value, asOf],
  );
  return row?.[0] ?? 0;
}
