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
import type { OperationDeps } from '../operationDeps.ts';
import { refuseInSafeMode } from '../testSends/refuseInSafeMode.ts';
import { refuseOneself, takesFourEyes } from './fourEyes.ts';
import { demandRun, demandVerb, movedOn } from './readRuns.ts';
import type { RunActor } from './runActor.ts';

type Deps = Pick<OperationDeps, 'database'>;
type ResumeDeps = Pick<OperationDeps, 'config' | 'database'>;

export interface SteerRunRequest {
  readonly id: string;
  readonly actor: RunActor;
  readonly reason?: string | undefined;
}

/**
 * Stops the release of a run. Bills that are released already still go out: `billcast pause` stops those too.
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
 * Continues the release. If a gate holds the run, this overrules it; with four eyes, `overruleGate` does.
 * @throws BillcastError RUN_NOT_FOUND, RUN_MOVED_ON; USAGE if a gate is to be overruled without a reason;
 * APPROVAL_NEEDED if it takes four eyes
 */
export async function resumeRun(deps: ResumeDeps, request: SteerRunRequest): Promise<Run> {
  refuseInSafeMode(deps.config, 'Resuming a run');
  const { hold, ...run } = await demandRun(deps.database, request.id);
  if (!isGate(hold)) return release(deps, request, { fourEyes: true });
  if (request.reason === undefined) throw whyNeeded(hold, request.id);
  if (run.fourEyes || (await takesFourEyes(deps))) {
    throw new BillcastError(
      'APPROVAL_NEEDED',
      `${hold.code} holds run ${request.id}, and it takes four eyes: another person than ${run.requestedBy} overrules the ` +
        'gate, by an API token with the role approver (run resume with BILLCAST_TOKEN or --token-file)',
    );
  }
  return release(deps, request, { fourEyes: false });
}

/**
 * Releases the rest of a run although a gate holds it. With four eyes it takes another person than the one
 * who asked for the run.
 * @throws BillcastError RUN_NOT_FOUND; RUN_MOVED_ON if no gate holds it; APPROVAL_NEEDED, OWN_RUN
 */
export async function overruleGate(
  deps: ResumeDeps,
  request: SteerRunRequest & { readonly reason: string },
): Promise<Run> {
  const { id, actor } = request;
  refuseInSafeMode(deps.config, 'Resuming a run');
  const run = await demandRun(deps.database, id);
  demandVerb('resume', run);
  if (!isGate(run.hold)) {
    throw new BillcastError('RUN_MOVED_ON', `no gate holds run ${id}: \`npx billcast run resume ${id}\``);
  }
  const fourEyes = run.fourEyes || (await takesFourEyes(deps));
  const { requestedBy } = run;
  if (fourEyes) {
    refuseOneself(actor, { what: `run ${id}`, requestedBy, done: 'resumed', command: 'run resume' });
  }
  return release(deps, request, { fourEyes });
}

function isGate(hold: Run['hold']): hold is NonNullable<Run['hold']> {
  return hold?.code.startsWith('GATE_') === true;
}

function whyNeeded({ code }: NonNullable<Run['hold']>, id: string): BillcastError {
  return new BillcastError('USAGE', `${code} holds run ${id}: say with a reason why the rest may go out`);
}

function release(
  deps: ResumeDeps,
  request: SteerRunRequest,
  { fourEyes }: { readonly fourEyes: boolean },
): Promise<Run> {
  const work = (seen: RunChange) => resumeRunRow(deps.database, seen, fourEyes);
  return move(deps, 'resume', { request, work });
}

/**
 * Discards a draft, or closes a run that is done. A paused run becomes done: the rest of its bills stays
 * held, and another run may have them.
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
