import type { Plan, PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';
import { sumOverWindows } from '../windows.ts';
import { heldSince } from './proposalCounts.ts';
import { tellRun } from './runEvents.ts';

export interface CanaryChoice {
  readonly run: number;
  readonly selection: PlannedSelection;
  readonly asOf: string;
  readonly canary: NonNullable<Plan['canary']>;
  readonly actor: string;
}

const isChoosing = `number = $1 and state = 'RUNNING' and phase = 'CANARY' and canary_at is null`;

const find = {
  name: 'find-canary-to-choose',
  text: `select (proposal ->> 'bills')::int from run where ${isChoosing}`,
};

/**
 * Chooses the bills with which a run begins, once: if `canary_at` of its row is set, it is done. Their order
 * is a hash of the member, so they are members of all kinds and domains, and always the same ones.
 *
 * Reads a row per bill of the run, window by window: some seconds per million. A few more of the first bills
 * in that order are gathered than are needed, and then cut. If the keeper dies meanwhile, the next one begins
 * again.
 */
export async function chooseCanary(database: Database, choice: CanaryChoice): Promise<void> {
  const [run] = await database.query<[number | null]>(find, [choice.run]);
  if (run === undefined) return;
  const [approved] = run;
  for (let share = firstShare(choice.canary, approved); ; share = Math.min(1, 4 * share)) {
    const { held, gathered } = await gather(database, choice, share);
    const wanted = wantedOf(choice.canary, Math.min(held, approved ?? held), held);
    if (gathered >= wanted || share === 1) return finish(database, choice, { wanted, held });
  }
}

/** Pure: how many bills a canary has, never more than were approved. */
function wantedOf(canary: CanaryChoice['canary'], most: number, held: number): number {
  return Math.min(most, 'bills' in canary ? canary.bills : Math.ceil((held * canary.percent) / 100));
}

/**
 * Pure: the share of all hashes to gather. It gives a few more bills than needed, if as many are held as were
 * approved.
 */
function firstShare(canary: CanaryChoice['canary'], approved: number | null): number {
  if (approved === null || approved === 0) return 1;
  const wanted = wantedOf(canary, approved, approved);
  return Math.min(1, (1.1 * wanted + 10 * Math.sqrt(wanted)) / approved);
}

async function gather(database: Database, { run, selection, asOf }: CanaryChoice, share: number) {
  const { name, rows, id, value } = selectedBills(selection);
  const statement = {
    name: `gather-canary-${name}`,
    text: `
    with mine as (
      select number from run where ${isChoosing} for share
    ), looked as materialized (
      select n.bill_id, ${heldSince('$3')} as is_held,
             hashint8extended(n.member_id, 0)::float8 / 18446744073709551616 + 0.5 <= $4::float8 as is_early
      from ${rows.replaceAll('$1', '$2')} and ${id} > $5::bigint order by ${id} limit $6
    ), gathered as (
      insert into run_canary (run, bill_id)
      select mine.number, looked.bill_id from mine, looked where looked.is_held and looked.is_early
      on conflict do nothing
    )
    select count(*)::int, max(bill_id), (count(*) filter (where is_held))::int,
           (count(*) filter (where is_held and is_early))::int
    from looked`,
  };
  const [held = 0, gathered = 0] = await sumOverWindows(database, statement, [run, value, asOf, share]);
  return { held, gathered };
}

const cut = {
  name: 'cut-canary',
  text: `
    with mine as (
      update run set canary_at = now() where ${isChoosing} returning number
    ), surplus as (
      delete from run_canary where run in (select number from mine) and bill_id in (
        select c.bill_id from run_canary c join bill_notification n on n.bill_id = c.bill_id
        where c.run = $1
        order by hashint8extended(n.member_id, 0), c.bill_id
        offset $2)
    ), chosen as (
      select number from mine where $2::int > 0
    ), ${tellRun('chosen', {
      what: 'canaryChosen',
      actor: '$4::text',
      facts: `jsonb_build_object('bills', $2::int, 'of', $3::int)`,
    })}
    select run from told`,
};

async function finish(
  database: Database,
  { run, actor }: CanaryChoice,
  { wanted, held }: { readonly wanted: number; readonly held: number },
): Promise<void> {
  await database.query(cut, [run, wanted, held, actor]);
}
