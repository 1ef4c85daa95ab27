import type { BillId } from '../../bill.ts';
import type { PlannedSelection } from '../../runs/plan.ts';
import type { Database } from '../database.ts';
import { selectedBills } from '../source/selectedBills.ts';
import { beforeAllBills } from '../sql.ts';
import { heldSince } from './proposalCounts.ts';

/** What is left of a run: bills that it may still release, and bills that wait for a later time. */
export interface RunRest {
  readonly held: number;
  /** How many the run had released when the last of its bills was looked at. */
  readonly released: number;
  /** Bills that wait for the end of quiet hours or a back-off, or for their next cycle. */
  readonly waiting: number;
  /** When the last of these may go on; null if none waits. */
  readonly waitsUntil: Date | null;
}

/** More bills in one statement could take longer than a statement may. */
const billsPerPart = 50_000;

type PartRow = [
  ...[last: BillId | null, bills: number, released: number],
  ...[held: number, waiting: number, waitsUntil: Date | null],
];

/** Looks at every bill of the run, in parts. */
export async function readRunRest(
  database: Database,
  {
    run,
    selection,
    asOf,
  }: { readonly run: number; readonly selection: PlannedSelection; readonly asOf: string },
): Promise<RunRest> {
  const { name, rows, id, value } = selectedBills(selection);
  const statement = {
    name: `run-rest-${name}`,
    text: `
    with part as materialized (
      select n.bill_id, n.run, n.send_status, n.publish_status, n.changed_at,
             case when n.send_status = 'FAILED' then n.retransmit_at
                  when n.send_status = 'PENDING' and n.not_before > now() then n.not_before end as waits_until
      from ${rows} and ${id} > $3::bigint
      order by ${id} limit $4
    )
    select max(n.bill_id), count(*)::int, (select released from run where number = $2),
           count(*) filter (where ${heldSince('$5')})::int,
           count(n.waits_until) filter (where n.run = $2)::int, max(n.waits_until) filter (where n.run = $2)
    from part n`,
  };
  let rest: RunRest = { held: 0, released: 0, waiting: 0, waitsUntil: null };
  for (let after: string | null = beforeAllBills; after !== null; ) {
    const values: unknown[] = [value, run, after, billsPerPart, asOf];
    const [row]: PartRow[] = await database.query<PartRow>(statement, values);
    const [last, bills, released, held, waiting, waitsUntil]: PartRow = row ?? [null, 0, 0, 0, 0, null];
    rest = {
      held: rest.held + held,
      released,
      waiting: rest.waiting + waiting,
      waitsUntil: laterOf(rest.waitsUntil, waitsUntil),
    };
    after = bills < billsPerPart ? null : last;
  }
  return rest;
}

function laterOf(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}
