import { changeRun, createRun } from '../../../operations/runs/planRun.ts';
import { readHostTemplates } from '../../../operations/runs/planTemplates.ts';
import { proposeRun } from '../../../operations/runs/proposeRun.ts';
import { findRun, listRuns } from '../../../operations/runs/readRuns.ts';
import type { ApiApp } from '../../apiApp.ts';
import type { ApiDeps } from '../../apiDeps.ts';
import {
  run,
  runChange,
  runCreation,
  runDraft,
  runList,
  runParams,
  runQuery,
  runWithEvents,
} from '../../contract/runsContract.ts';
import { idempotencyHeader, oncePerKey } from '../../idempotency.ts';
import { runActorOf } from '../../identity/actor.ts';
import { draftOf, runOf, runWithEventsOf } from '../../runOf.ts';

const tags = ['runs'];
/** The bills of up to ten million members are counted. */
const limitMs = 15 * 60_000;

/** Months as runs: planned here, decided in `runDecisionRoutes.ts`. */
export function addRunRoutes(app: ApiApp, deps: ApiDeps): void {
  addReads(app, deps);
  addCreate(app, deps);
  addChange(app, deps);
}

function addReads(app: ApiApp, deps: ApiDeps): void {
  const config = { permission: 'read' } as const;
  app.get(
    '/api/v1/runs',
    {
      config,
      schema: {
        tags,
        summary: 'All runs, the newest first',
        querystring: runQuery,
        response: { 200: runList },
      },
    },
    async ({ query: { limit, after, state } }) => {
      const runs = await listRuns(deps, { limit, before: after, states: state && [state] });
      const last = runs.at(-1);
      return { items: runs.map(runOf), next: last === undefined || runs.length < limit ? null : last.number };
    },
  );
  app.get(
    '/api/v1/runs/:runId',
    {
      config,
      schema: {
        tags,
        summary: 'One run: its plan, what was counted, its state and what happened to it',
        params: runParams,
        response: { 200: runWithEvents },
      },
    },
    async ({ params }) => {
      const { run: found, ...facts } = await findRun(deps, params.runId);
      return runWithEventsOf(found, facts);
    },
  );
}

function addCreate(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs',
    {
      config: { permission: 'control', access: 'createRun' },
      handlerTimeout: limitMs,
      schema: {
        tags,
        summary: 'Plan a run: its bills are counted, and nothing goes out. `dryRun` only counts',
        headers: idempotencyHeader,
        body: runCreation,
        response: { 200: runDraft, 201: run },
      },
    },
    async (request, reply) => {
      const { runId, plan, rehearsal: isRehearsal, dryRun } = request.body;
      if (dryRun) {
        await deps.recorder.shown(request, { reason: 'dry run' });
        return draftOf(await proposeRun(deps, plan, { templates: await readHostTemplates(deps.config) }));
      }
      const made = await oncePerKey(deps.database, { request, reply }, () =>
        deps.recorder.change(request, { reason: runId }, async () =>
          runOf(await createRun(deps, { id: runId, plan, isRehearsal, actor: runActorOf(request) })),
        ),
      );
      reply.header('location', `/api/v1/runs/${made.runId}`);
      return reply.code(201).send(made);
    },
  );
}

function addChange(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/change',
    {
      config: { permission: 'control', access: 'changeRun' },
      handlerTimeout: limitMs,
      schema: {
        tags,
        summary: 'Give a run that is not started another plan; its approval is gone',
        params: runParams,
        headers: idempotencyHeader,
        body: runChange,
        response: { 200: run },
      },
    },
    (request, reply) =>
      oncePerKey(deps.database, { request, reply }, () => {
        const { runId: id } = request.params;
        const { planHash: seenHash, plan } = request.body;
        return deps.recorder.change(request, { reason: id }, async () =>
          runOf(await changeRun(deps, { id, seenHash, plan, actor: runActorOf(request) })),
        );
      }),
  );
}
