import type { PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { billedAmount, selectedBills } from '../source/selectedBills.ts';

/** The bills of a selection at one moment. */
export interface SelectedCounts {
  /** Held since that moment or longer. */
  readonly bills: number;
  readonly notHeld: number;
  /** Sum of the billed amounts of the held ones; null if the source cannot say. */
  readonly amount: string | null;
  /** The held ones, by the channel in their rows. */
  readonly channels: Readonly<Record<string, number>>;
}

/** A held bill that was there at `asOf`: nothing moves a held row, so its last change is when it came. */
export function heldSince(asOf: `$${number}`): string {
  return `n.publish_status = 'HELD' and n.send_status = 'PENDING' and n.changed_at <= ${asOf}::timestamptz`;
}

/**
 * Counts the bills of a selection: reads a row of each, one or two seconds per million.
 * @param options.hasAmounts whether the source says what each bill asks for
 */
export async function countSelected(
  database: Database,
  selection: PlannedSelection,
  { asOf, hasAmounts }: { readonly asOf: string; readonly hasAmounts: boolean },
): Promise<SelectedCounts> {
  const { name, rows, value } = selectedBills(selection);
  const amount = hasAmounts ? `coalesce(sum(${billedAmount}) filter (where ${heldSince('$2')}), 0)` : 'null';
  const found = await database.query<[string, number, number, string | null]>(
    {
      name: `count-selected-${name}${hasAmounts ? '-amounts' : ''}`,
      text: `
    select n.channel, count(*) filter (where ${heldSince('$2')})::float8,
           count(*) filter (where not (${heldSince('$2')}))::float8, ${amount}::text
    from ${rows}
    group by n.channel
    order by n.channel`,
    },
    [value, asOf],
  );
  return {
    bills: sum(found.map(([, held]) => held)),
    notHeld: sum(found.map(([, , others]) => others)),
    amount: hasAmounts ? String(found.reduce((all, [, , , one]) => all + BigInt(one ?? 0), 0n)) : null,
    channels: Object.fromEntries(found.flatMap(([channel, held]) => (held === 0 ? [] : [[channel, held]]))),
  };
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
