import type { Database } from '../../db/database.ts';
import { readCanary } from '../../db/runs/canaryOutcomes.ts';
import type { Run } from '../../db/runs/runRows.ts';
import { countCanary } from '../../runs/canaryCounts.ts';
import { type CanaryOutcomes, type GateResult, gateResults } from '../../runs/gates.ts';

/** The state of a run's canary: its bills so far, compared with each limit. */
export interface CanaryFacts extends Pick<CanaryOutcomes, 'bills' | 'onTheirWay' | 'waiting'> {
  readonly gates: readonly GateResult[];
}

/**
 * Null if the run has no canary, none of it is released, or the gates are passed: then the run's events tell
 * the result.
 */
export async function readCanaryFacts(database: Database, run: Run): Promise<CanaryFacts | null> {
  const { plan, state, phase, canaryAt } = run;
  const isOpen = (state === 'RUNNING' || state === 'PAUSED') && phase !== 'REST';
  if (plan.canary === null || canaryAt === null || !isOpen) return null;
  const outcomes = countCanary((await readCanary(database, run.number)).groups);
  const { bills, onTheirWay, waiting } = outcomes;
  return { bills, onTheirWay, waiting, gates: gateResults(outcomes, plan.gates) };
}
