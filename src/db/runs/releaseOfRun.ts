import type { BillId } from '../../bill.ts';
import type { Ladder } from '../../ladder.ts';
import type { PlannedSelection } from '../../runs/plan.ts';
import { countedMove } from '../counts/countedMoves.ts';
import type { Database, Statement } from '../database.ts';
import { type SelectedBills, selectedBills } from '../source/selectedBills.ts';
import { release } from '../transitions/releaseHeld.ts';
import { transitionStatement } from '../transitions/transition.ts';
import { heldSince } from './proposalCounts.ts';

/** Whose bills are released, and how many at most. */
export interface RunRelease {
  readonly run: number;
  readonly order: Ladder['order'];
  readonly limit: number;
}

/**
 * Of the run's own choice, in the order of their ids. The run's row is locked first: a pause waits for this
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

/** @returns those that were released; none if the run is in no canary any more */
export async function releaseCanary(
  database: Database,
  { run, order, limit }: RunRelease,
): Promise<BillId[]> {
  return (await database.query<[BillId]>(canary, [null, order, run, limit])).flat();
}

/** What is left of a run, as it was planned. */
export interface RestOfRun extends RunRelease {
  readonly selection: PlannedSelection;
  /** Bills that are held since later are no part of the run. */
  readonly asOf: string;
  /** Where the last release ended: if the run is somewhere else now, nothing happens. */
  readonly through: BillId;
}

/**
 * Cursor and bills change together, so a keeper that dies releases nothing twice and forgets nothing. A bill
 * that somebody locks is left behind: the last pass finds it (`beginAgain`). No more go out than were
 * approved: a selection may come to name other bills, and a batch may commit late what it wrote before.
 */
function restStatement({ name, rows, id }: SelectedBills): Statement {
  return transitionStatement(release, {
    name: `release-rest-${name}`,
    ctes: `mine as materialized (
      select number, greatest(0, coalesce((proposal ->> 'bills')::int - released, $5::int)) as approved from run
      where number = $3::integer and state = 'RUNNING' and phase = 'REST' and through = $4::bigint
      for update
    ), held as (
      select n.bill_id from ${rows.replaceAll('$1', '$7')} and ${id} > $4::bigint and ${heldSince('$6')}
        and exists (select from mine)
      order by ${id}
      limit least($5::int, (select approved from mine))
      for update of n skip locked
    )`,
    rows: 'held',
    beside: [
      countedMove('moved', { held: -1, owed: 1 }),
      `progressed as (
      update run r set released = r.released + m.bills, through = m.last, changed_at = now()
      from (select count(*)::int as bills, max(bill_id) as last from moved) m
      where r.number = $3::integer and m.bills > 0
    )`,
    ],
    select: 'select bill_id::text from moved order by moved.bill_id',
  });
}

/** Goes on behind `through`. @returns those that were released, in the order of their ids */
export async function releaseRest(database: Database, rest: RestOfRun): Promise<BillId[]> {
  const { run, order, limit, through, asOf } = rest;
  const selected = selectedBills(rest.selection);
  const values = [null, order, run, through, limit, asOf, selected.value];
  return (await database.query<[BillId]>(restStatement(selected), values)).flat();
}
