import type { Plan, PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';
import { heldSince } from './proposalCounts.ts';
import { tellRun } from './runEvents.ts';

export interface CanaryChoice {
  readonly run: number;
  readonly selection: PlannedSelection;
  readonly asOf: string;
  readonly canary: NonNullable<Plan['canary']>;
  readonly actor: string;
}

/**
 * Chooses the bills with which a run begins, once: `canary_at` of its row says that it is done. Their order
 * is a hash of the member: so they are members of all kinds and domains, and the same ones whoever chooses.
 * Reads a row per bill of the run: a second or two per million.
 */
export async function chooseCanary(database: Database, choice: CanaryChoice): Promise<void> {
  const { run, selection, asOf, canary, actor } = choice;
  const { name, rows, value } = selectedBills(selection);
  const statement = {
    name: `choose-canary-${name}`,
    text: `
    with mine as (
      update run set canary_at = now()
      where number = $2 and state = 'RUNNING' and phase = 'CANARY' and canary_at is null
      returning number, (proposal ->> 'bills')::int as approved
    ), held as materialized (
      select n.bill_id, n.member_id from ${rows} and ${heldSince('$3')} and exists (select from mine)
    ), chosen as (
      insert into run_canary (run, bill_id)
      select $2, bill_id from held
      order by hashint8extended(member_id, 0), bill_id
      limit (select least(coalesce($4::int, ceil(count(*) * $5::float8 / 100)::int), (select approved from mine))
             from held)
      returning bill_id
    ), counted as (
      select $2::int as number, count(*) as bills, (select count(*) from held) as held from chosen
      having count(*) > 0
    ), ${tellRun('counted', {
      what: 'canaryChosen',
      actor: '$6::text',
      facts: `jsonb_build_object('bills', counted.bills, 'of', counted.held)`,
    })}
    select run from told`,
  };
  const [bills, percent] = 'bills' in canary ? [canary.bills, null] : [null, canary.percent];
  await database.query(statement, [value, run, asOf, bills, percent, actor]);
}
