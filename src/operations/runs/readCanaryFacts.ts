import type { Database } from '../../db/database.ts';
import { readCanary } from '../../db/runs/canaryOutcomes.ts';
import type { Run } from '../../db/runs/runRows.ts';
import { countCanary } from '../../runs/canaryCounts.ts';
import { type CanaryOutcomes, type GateResult, gateResults } from '../../runs/gates.ts';

/** How the canary of a run stands: against each limit, its bills so far. */
export interface CanaryFacts extends Pick<CanaryOutcomes, 'bills' | 'onTheirWay' | 'waiting'> {
  readonly gates: readonly GateResult[];
}

/** Null if the run has no canary, if none of it is out, or if it is past its gates: its events say how. */
export async function readCanaryFacts(database: Database, run: Run): Promise<CanaryFacts | null> {
  const { plan, state, phase, canaryAt } = run;
  const isOpen = (state === 'RUNNING' || state === 'PAUSED') && phase !== 'REST';
  if (plan.canary === null || canaryAt === null || !isOpen) return null;
  const outcomes = countCanary((await readCanary(database, run.number)).groups);
  const { bills, onTheirWay, waiting } = outcomes;
  return { bills, onTheirWay, waiting, gates: gateResults(outcomes, plan.gates) };
}
