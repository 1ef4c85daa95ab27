import type { Database } from '../../src/db/database.ts';
import { insertPlannedRun } from '../../src/db/runs/insertRun.ts';
import { countSelected, readProposalTime } from '../../src/db/runs/proposalCounts.ts';
import { approveRunRow, startRunRow } from '../../src/db/runs/runChanges.ts';
import { completePlan, type Plan, type PlannedSelection } from '../../src/runs/plan.ts';
import { planHash } from '../../src/runs/planHash.ts';
import type { PlanRequest } from '../../src/runs/planRequest.ts';

export interface StartedRun {
  readonly run: number;
  readonly seenHash: string;
  readonly selection: PlannedSelection;
  readonly asOf: string;
}

export interface StartedRunSpec extends Omit<PlanRequest, 'selection'> {
  readonly id: string;
  readonly selection: PlannedSelection;
  readonly templates?: Plan['templates'];
  /** How many bills were approved. If missing, as many as are held. */
  readonly bills?: number;
  /** Its bills are counted and kept with their fingerprint, as a person's plan has it. */
  readonly isCounted?: boolean;
}

/** A run that was planned, approved and started. Nothing of it is released. */
export async function startedRun(
  database: Database,
  { id, selection, templates = {}, bills, isCounted = false, ...request }: StartedRunSpec,
): Promise<StartedRun> {
  const surroundings = { templates, timeZone: 'Asia/Seoul', now: new Date() };
  const anySelection = { month: '2026-11' };
  const plan = { ...completePlan({ ...request, selection: anySelection }, surroundings), selection };
  const asOf = await readProposalTime(database);
  const counts = { notHeld: 0, unknown: 0, amount: null, channels: {}, overlaps: [] };
  const counted = isCounted
    ? await countSelected(database, selection, { asOf, hasAmounts: true, usualCurrency: 'KRW' })
    : undefined;
  const proposal = { asOf, bills: bills ?? null, ...counts, ...counted };
  const seenHash = planHash(plan, proposal);
  const planned = { id, plan, planHash: seenHash, proposal, fourEyes: false, requestedBy: 'ann' };
  const run = await insertPlannedRun(database, { ...planned, kind: 'PLANNED' });
  if (run === undefined) throw new RangeError(`there is a run ${id} already`);
  const seen = { number: run, seenHash, actor: 'ben' };
  await approveRunRow(database, seen, { fourEyes: false, bothNamed: false });
  await startRunRow(database, seen, { phase: plan.canary === null ? 'REST' : 'CANARY', fourEyes: false });
  return { run, seenHash, selection, asOf };
}
