import type { Database } from '../../db/database.ts';
import { type RunEvent, readRunEvents } from '../../db/runs/runEvents.ts';
import { findRunRow, listRunRows, type Run, type RunQuery } from '../../db/runs/runRows.ts';
import { BillcastError } from '../../errors.ts';
import { type RunVerb, runVerbs, whyNot } from '../../runs/runState.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { type CanaryFacts, readCanaryFacts } from './readCanaryFacts.ts';

type Deps = Pick<OperationDeps, 'database'>;

const eventsShown = 200;

/** A run with its newest events, in the order in which they happened. */
export interface RunFacts {
  readonly run: Run;
  readonly events: readonly RunEvent[];
  readonly canary: CanaryFacts | null;
}

/** @throws BillcastError RUN_NOT_FOUND */
export async function findRun({ database }: Deps, id: string): Promise<RunFacts> {
  const run = await demandRun(database, id);
  const [events, canary] = await Promise.all([
    readRunEvents(database, run.number, eventsShown),
    readCanaryFacts(database, run),
  ]);
  return { run, events, canary };
}

/** Newest first. */
export function listRuns({ database }: Deps, query: RunQuery): Promise<Run[]> {
  return listRunRows(database, query);
}

/** @throws BillcastError RUN_NOT_FOUND */
export async function demandRun(database: Database, id: string): Promise<Run> {
  const run = await findRunRow(database, id);
  return run ?? throwNoRun(id);
}

/** @throws BillcastError RUN_NOT_FOUND */
export function throwNoRun(id: string): never {
  throw new BillcastError('RUN_NOT_FOUND', `there is no run ${id}: \`npx billcast run list\` shows them`);
}

/** @throws BillcastError RUN_MOVED_ON if its state does not allow this, or if it belongs to a `publish` */
export function demandVerb(verb: RunVerb, { id, kind, state }: Run): void {
  if (kind === 'PUBLISHED' && verb !== 'close') {
    throw new BillcastError(
      'RUN_MOVED_ON',
      `run ${id} was released at once by publish: \`npx billcast pause\` stops sending, \`cancel\` cancels bills`,
    );
  }
  if ((runVerbs[verb] as readonly string[]).includes(state)) return;
  throw new BillcastError('RUN_MOVED_ON', `run ${id}: ${whyNot(verb, state)}`);
}

/** Why a change found nothing to change: somebody else was faster. */
export async function movedOn(
  database: Database,
  { verb, id, seenHash }: { readonly verb: RunVerb; readonly id: string; readonly seenHash: string },
): Promise<BillcastError> {
  const run = await demandRun(database, id);
  if (run.planHash !== seenHash) {
    return new BillcastError(
      'RUN_CHANGED',
      `run ${id} has another plan than the one you saw: look at it again`,
    );
  }
  return new BillcastError('RUN_MOVED_ON', `run ${id}: ${whyNot(verb, run.state)}`);
}
