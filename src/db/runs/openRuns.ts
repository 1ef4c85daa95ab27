import type { BillId } from '../../bill.ts';
import type { RunKind, RunPhase } from '../../runs/runState.ts';
import type { Database } from '../database.ts';
import { msSince } from '../sql.ts';

/** A run that is RUNNING or PAUSED, without its plan, which may be long and changes rarely. */
export interface OpenRun {
  readonly number: number;
  readonly id: string;
  readonly kind: RunKind;
  readonly state: 'RUNNING' | 'PAUSED';
  readonly phase: RunPhase;
  readonly planHash: string;
  /** The number of released bills. */
  readonly released: number;
  readonly through: BillId;
  readonly changedMsAgo: number;
  /** The number of the event of its last resume; null if it was never resumed. */
  readonly lastResume: string | null;
  /** The database's time. */
  readonly now: Date;
}

const open = {
  name: 'open-runs',
  text: `
    select number, id, kind, state, phase, plan_hash, released, through::text,
           ${msSince('changed_at')},
           (select max(e.id)::text from run_event e where e.run = number and e.what = 'resumed'), now()
    from run
    where state in ('RUNNING', 'PAUSED') and number <> 0
    order by number`,
};

type OpenColumns = [
  ...[number: number, id: string, kind: RunKind, state: OpenRun['state'], phase: RunPhase, planHash: string],
  ...[released: number, through: BillId, changedMsAgo: number],
  ...[lastResume: string | null, now: Date],
];

/** Reads one small table: cheap enough for every second. */
export async function readOpenRuns(database: Database): Promise<OpenRun[]> {
  const rows = await database.query<OpenColumns>(open);
  return rows.map(([number, id, kind, state, phase, planHash, released, through, ...times]) => {
    const [changedMsAgo, lastResume, now] = times;
    return { number, id, kind, state, phase, planHash, released, through, changedMsAgo, lastResume, now };
  });
}
