import type { Config } from '../../config/loadConfig.ts';
import { countOfMonth } from '../../db/reads/heldByMonth.ts';
import { insertPlannedRun } from '../../db/runs/insertRun.ts';
import { changeRunRow, type PlannedRun } from '../../db/runs/runChanges.ts';
import type { Run } from '../../db/runs/runRows.ts';
import { rememberTemplateVersions } from '../../db/templateVersions.ts';
import { BillcastError } from '../../errors.ts';
import { nothingToPlanText } from '../../runs/nothingToPlan.ts';
import type { Selection } from '../../runs/plan.ts';
import type { PlanRequest } from '../../runs/planRequest.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { refuseUnnamed } from './fourEyes.ts';
import { readHostTemplates } from './planTemplates.ts';
import { proposeRun } from './proposeRun.ts';
import { demandRun, demandVerb, movedOn } from './readRuns.ts';
import type { RunActor } from './runActor.ts';

type Deps = Pick<OperationDeps, 'config' | 'database'>;

export interface CreateRunRequest {
  /** If missing, it is made from the month or the day. */
  readonly id?: string | undefined;
  readonly plan: PlanRequest;
  readonly actor: RunActor;
  /** The bills are shown to colleagues, and stay held. Default: false. */
  readonly isRehearsal?: boolean;
}

/**
 * Makes a draft: no bill goes out.
 * @throws BillcastError USAGE for a plan that cannot be kept; RUN_EXISTS if the id is taken; APPROVAL_NEEDED
 * with four eyes, if it is unknown who asks
 */
export async function createRun(deps: Deps, wanted: CreateRunRequest): Promise<Run> {
  const { config, database } = deps;
  const { id, plan: request, actor, isRehearsal = false } = wanted;
  if (id !== undefined) checkId(id);
  await refuseUnnamed(deps, actor);
  const templates = await readHostTemplates(config);
  const planned = await proposeRun(deps, request, { templates });
  await refuseEmpty(deps, planned);
  await rememberTemplateVersions(database, templates.versions);
  const kind = isRehearsal ? 'REHEARSAL' : 'PLANNED';
  const run = { ...planned, kind, requestedBy: actor.name, requestedNamed: actor.isNamed } as const;
  const ids = idsFor(planned.plan.selection, config, isRehearsal ? '-rehearsal' : '');
  const made = await insertUnder(id === undefined ? ids : [id], (one) =>
    insertPlannedRun(database, { ...run, id: one }),
  );
  return demandRun(database, made.id);
}

export interface ChangeRunRequest {
  readonly id: string;
  /** The hash of the plan that the person has seen. */
  readonly seenHash: string;
  readonly plan: PlanRequest;
  readonly actor: RunActor;
}

/**
 * Gives a run another plan, or the same one to count its bills again. An approval becomes void.
 * @throws BillcastError RUN_NOT_FOUND, RUN_MOVED_ON, RUN_CHANGED, APPROVAL_NEEDED, or USAGE for a plan that
 * cannot be kept
 */
export async function changeRun(deps: Deps, request: ChangeRunRequest): Promise<Run> {
  const { config, database } = deps;
  const { id, seenHash, actor } = request;
  const run = await demandRun(database, id);
  demandVerb('change', run);
  await refuseUnnamed(deps, actor);
  const templates = await readHostTemplates(config);
  const planned = await proposeRun(deps, request.plan, { templates, except: id });
  await refuseEmpty(deps, planned);
  await rememberTemplateVersions(database, templates.versions);
  const facts = { planHash: planned.planHash, wasApprovedBy: run.approvedBy };
  const seen = { number: run.number, seenHash, actor: actor.name, facts };
  if (!(await changeRunRow(database, seen, { ...planned, requestedNamed: actor.isNamed }))) {
    throw await movedOn(database, { verb: 'change', id, seenHash });
  }
  return demandRun(database, id);
}

/**
 * Inserts a run under the first of these ids that is free.
 * @throws BillcastError RUN_EXISTS if none is
 */
export async function insertUnder(
  ids: Iterable<string>,
  insert: (id: string) => Promise<number | undefined>,
): Promise<{ readonly id: string; readonly number: number }> {
  let tried = '';
  for (const id of ids) {
    const number = await insert(id);
    if (number !== undefined) return { id, number };
    tried = id;
  }
  throw new BillcastError('RUN_EXISTS', `there is a run ${tried} already: give another id`);
}

const mostOfADay = 10_000;

/**
 * Possible ids: `2026-11`, then `2026-11-2`. Made from the month, or from the day and the kind of selection.
 */
export function* idsFor(
  selection: Selection,
  { timeZone }: Pick<Config, 'timeZone'>,
  end = '',
): Generator<string> {
  const what = monthOf(selection) ?? `${'all' in selection ? 'all' : 'bills'}-${today(timeZone)}`;
  const base = `${what}${end}`;
  yield base;
  for (let number = 2; number <= mostOfADay; number++) yield `${base}-${number}`;
}

function monthOf(selection: Selection): string | undefined {
  if ('month' in selection) return selection.month;
  return 'fields' in selection ? selection.fields.month : undefined;
}

function today(timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date());
}

/** Refuses a run without bills: bills that come later would be no part of it. */
async function refuseEmpty({ database }: Deps, { plan: { selection }, proposal }: PlannedRun): Promise<void> {
  if (proposal.bills !== 0) return;
  const month = monthOf(selection);
  const ofMonth = month === undefined ? undefined : await countOfMonth(database, `${month}-01`);
  const unregistered = ofMonth?.unregistered ?? 0;
  throw new BillcastError('USAGE', nothingToPlanText(proposal, { month, unregistered }));
}

function checkId(id: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) return;
  throw new BillcastError('USAGE', 'the id of a run has small letters, digits and hyphens, at most 63');
}
