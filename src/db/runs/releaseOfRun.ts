import type { BillId } from '../../bill.ts';
import type { Ladder } from '../../ladder.ts';
import type { PlannedSelection } from '../../runs/plan.ts';
import { countedMove } from '../counts/countedMoves.ts';
import type { Database } from '../database.ts';
import { type SelectedBills, selectedBills } from '../source/selectedBills.ts';
import type { Statement } from '../statement.ts';
import { release } from '../transitions/releaseHeld.ts';
import { transitionStatement } from '../transitions/transition.ts';
import { billsPerWindow } from '../windows.ts';
import { heldSince } from './proposalCounts.ts';

/** The run whose bills are released, and how many at most. */
export interface RunRelease {
  readonly run: number;
  readonly order: Ladder['order'];
  readonly limit: number;
}

/**
 * Releases the chosen bills in the order of their ids. The run's row is locked first: a pause waits for this
 * statement, and after it nothing is released.
 */
const canary = transitionStatement(release, {
  name: 'release-canary',
  ctes: `mine as (
      select number from run where number = $3::integer and state = 'RUNNING' and phase = 'CANARY' for update
    ), held as (
      select n.bill_id from mine
        join run_canary c on c.run = mine.number
        join bill_notification n on n.bill_id = c.bill_id
      where n.publish_status = 'HELD' and n.send_status = 'PENDING'
      order by n.bill_id
      limit $4
      for update of n skip locked
    )`,
  rows: 'held',
  beside: [
    countedMove('moved', { held: -1, owed: 1 }),
    `progressed as (
      update run r set released = r.released + m.bills, canary_at = now(), changed_at = now()
      from (select count(*)::int as bills from moved) m
      where r.number = $3::integer and m.bills > 0
    )`,
  ],
  select: 'select bill_id::text from moved',
});

/** @returns the released bills; none if the run is no longer in its canary phase */
export async function releaseCanary(
  database: Database,
  { run, order, limit }: RunRelease,
): Promise<BillId[]> {
  return (await database.query<[BillId]>(canary, [null, order, run, limit])).flat();
}

/** The rest of a run, as it was planned. */
export interface RestOfRun extends RunRelease {
  readonly selection: PlannedSelection;
  /** Bills that were held later than this are no part of the run. */
  readonly asOf: string;
  /** Where the last release ended. If the run has moved since, nothing happens. */
  readonly through: BillId;
  /** How many bills to look at, released or not. */
  readonly window?: number;
}

/**
 * Cursor and bills change together, so a keeper that dies releases nothing twice and forgets nothing. A bill
 * that somebody locks is left behind, and the last pass finds it (`beginAgain`).
 *
 * No more bills are released than were approved: the selection may name other bills later, and a batch may
 * commit late. No more than a window is looked at, since all of it may be released already. Its end is read
 * only if too few bills were found.
 */
function restStatement({ name, bills, id }: SelectedBills): Statement {
  const looked = `(
        select ${id} from ${bills.replaceAll('$1', '$7')} and ${id} > $4::bigint order by ${id} limit $8
      ) looked`;
  return transitionStatement(release, {
    name: `release-rest-${name}`,
    ctes: `mine as materialized (
      select number, greatest(0, coalesce((proposal ->> 'bills')::int - released, $5::int)) as approved from run
      where number = $3::integer and state = 'RUNNING' and phase = 'REST' and through = $4::bigint
      for update
    ), held as (
      select held_bill.bill_id
      from ${looked} cross join lateral (
        select n.bill_id from bill_notification n where n.bill_id = looked.bill_id and ${heldSince('$6')}
        for update of n skip locked
      ) held_bill
      where exists (select from mine)
      limit least($5::int, (select approved from mine))
    )`,
    rows: 'held',
    beside: [
      countedMove('moved', { held: -1, owed: 1 }),
      `ends as (
      select m.bills, case when m.bills < $5::int then (select max(bill_id) from ${looked}) else m.last end as through
      from (select count(*)::int as bills, max(bill_id) as last from moved) m
    ), progressed as (
      update run r set released = r.released + ends.bills, through = ends.through, changed_at = now()
      from ends where r.number = (select number from mine) and ends.through is not null
      returning r.through
    )`,
    ],
    select: `select coalesce((select array_agg(bill_id::text order by bill_id) from moved), '{}'),
           (select through::text from progressed)`,
  });
}

export interface ReleasedRest {
  /** In the order of their ids. */
  readonly released: readonly BillId[];
  /** Where the next release begins; null at the end, or if the run has moved. */
  readonly through: BillId | null;
}

/** Releases the next bills behind `through`. */
export async function releaseRest(database: Database, rest: RestOfRun): Promise<ReleasedRest> {
  const { run, order, limit, through, asOf, window = billsPerWindow } = rest;
  const selected = selectedBills(rest.selection);
  const values = [null, order, run, through, limit, asOf, selected.value, window];
  const [row] = await database.query<[BillId[], BillId | null]>(restStatement(selected), values);
  const [released, next] = row ?? [[], null];
  return { released, through: next };
}
