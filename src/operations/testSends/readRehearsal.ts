import { findRehearsedRun } from '../../db/runs/rehearsals.ts';
import type { RunState } from '../../runs/runState.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { throwNoRun } from '../runs/readRuns.ts';
import { demandRehearsal } from './openRehearsal.ts';
import type { RehearsalCounts, RehearsalEnd } from './rehearsalCounts.ts';
import { silentMs } from './rehearsalProgress.ts';

/** The state of a rehearsal. */
export interface RehearsalStand {
  readonly run: string;
  readonly state: RunState;
  /** The bills of its selection; null if nobody has counted them. */
  readonly bills: number | null;
  /** Whether a process is working on it now. */
  readonly isWorking: boolean;
  /** The progress of its last part; null if nobody has begun it. */
  readonly progress: RehearsalProgressFacts | null;
}

export interface RehearsalProgressFacts extends RehearsalCounts {
  /** Null if it is still running, or its process died. */
  readonly ended: RehearsalEnd | null;
  readonly why: string | null;
  readonly asOf: Date;
}

/** @throws BillcastError RUN_NOT_FOUND; USAGE if the run is no rehearsal */
export async function readRehearsal(
  { database }: Pick<OperationDeps, 'database'>,
  id: string,
): Promise<RehearsalStand> {
  const { kind, state, bills, rehearsal } = (await findRehearsedRun(database, id)) ?? throwNoRun(id);
  demandRehearsal({ id, kind });
  if (rehearsal === undefined) return { run: id, state, bills, isWorking: false, progress: null };
  const facts = rehearsal.facts as Omit<RehearsalProgressFacts, 'asOf'>;
  return {
    run: id,
    state,
    bills,
    isWorking: state === 'RUNNING' && facts.ended === null && rehearsal.changedMsAgo < silentMs,
    progress: { ...facts, asOf: rehearsal.changedAt },
  };
}
