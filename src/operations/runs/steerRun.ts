import {
  closeRunRow,
  finishRunRow,
  pauseRunRow,
  type RunChange,
  resumeRunRow,
} from '../../db/runs/runChanges.ts';
import type { Run } from '../../db/runs/runRows.ts';
import { BillcastError } from '../../errors.ts';
import { heldByPerson, type RunVerb } from '../../runs/runState.ts';
import type { LadderDeps, OperationDeps } from '../operationDeps.ts';
import { refuseInSafeMode } from '../testSends/refuseInSafeMode.ts';
import { demandRun, demandVerb, movedOn } from './readRuns.ts';
import type { RunActor } from './runActor.ts';

type Deps = Pick<OperationDeps, 'database'>;
type ResumeDeps = Deps & Pick<LadderDeps, 'config'>;

export interface SteerRunRequest {
  readonly id: string;
  readonly actor: RunActor;
  readonly reason?: string | undefined;
}

/**
 * Releases nothing more of a run. What is released already goes out: `pause` stops that too.
 * @throws BillcastError RUN_NOT_FOUND, RUN_MOVED_ON
 */
export async function pauseRun(
  deps: Deps,
  request: SteerRunRequest & { readonly reason: string },
): Promise<Run> {
  const { reason: detail } = request;
  return move(deps, 'pause', {
    request,
    work: (seen) => pauseRunRow(deps.database, seen, { code: heldByPerson, detail }),
  });
}

/**
 * Releases on. Whoever resumes a run that a gate holds overrules the gate.
 * @throws BillcastError RUN_NOT_FOUND, RUN_MOVED_ON; USAGE if a gate is to be overruled without a reason
 */
export async function resumeRun(deps: ResumeDeps, request: SteerRunRequest): Promise<Run> {
  refuseInSafeMode(deps.config, 'Resuming a run');
  const { hold } = await demandRun(deps.database, request.id);
  if (hold?.code.startsWith('GATE_') === true && request.reason === undefined) {
    throw new BillcastError(
      'USAGE',
      `${hold.code} holds run ${request.id}: say with a reason why the rest may go out`,
    );
  }
  return move(deps, 'resume', { request, work: (seen) => resumeRunRow(deps.database, seen, heldByPerson) });
}

/**
 * Throws a draft away, or closes a run that is done. One that is paused becomes done: the rest of its bills
 * stays held, and another run may have it.
 * @throws BillcastError RUN_NOT_FOUND, RUN_MOVED_ON
 */
export async function closeRun(deps: Deps, request: SteerRunRequest): Promise<Run> {
  return move(deps, 'close', {
    request,
    work: (seen, { state }) =>
      state === 'PAUSED' ? finishRunRow(deps.database, seen) : closeRunRow(deps.database, seen),
  });
}

interface Move {
  readonly request: SteerRunRequest;
  readonly work: (seen: RunChange, run: Run) => Promise<boolean>;
}

async function move({ database }: Deps, verb: RunVerb, { request, work }: Move): Promise<Run> {
  const { id, actor, reason } = request;
  const run = await demandRun(database, id);
  demandVerb(verb, run);
  const { number, planHash: seenHash } = run;
  const seen = { number, seenHash, actor: actor.name, facts: reason === undefined ? {} : { reason } };
  if (!(await work(seen, run))) throw await movedOn(database, { verb, id, seenHash });
  return demandRun(database, id);
}
