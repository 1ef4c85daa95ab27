import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Run } from '../../../db/runs/runRows.ts';
import { approveRun, startRun } from '../../../operations/runs/decideRun.ts';
import { closeRun, overruleGate, pauseRun, resumeRun } from '../../../operations/runs/steerRun.ts';
import type { ApiApp } from '../../apiApp.ts';
import type { ApiDeps } from '../../apiDeps.ts';
import {
  type RunAnswer,
  run,
  runApproval,
  runOptionalReason,
  runParams,
  runReason,
  runStart,
} from '../../contract/runsContract.ts';
import { idempotencyHeader, oncePerKey } from '../../idempotency.ts';
import { runActorOf } from '../../identity/actor.ts';
import { runOf } from '../../runOf.ts';

const tags = ['runs'];
/** Before a run starts, its bills are counted again. */
const limitMs = 15 * 60_000;

/** Routes for the decisions about a planned run. */
export function addRunDecisionRoutes(app: ApiApp, deps: ApiDeps): void {
  addApprove(app, deps);
  addStart(app, deps);
  addPause(app, deps);
  addResume(app, deps);
  addOverrule(app, deps);
  addClose(app, deps);
}

function schemaOf<Body>(summary: string, body: Body) {
  const response = { 200: run };
  return { tags, summary, params: runParams, headers: idempotencyHeader, body, response };
}

interface Decided {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly reason: string;
}

function decide(
  deps: ApiDeps,
  { request, reply, reason }: Decided,
  work: () => Promise<Run>,
): Promise<RunAnswer> {
  return oncePerKey(deps.database, { request, reply }, () =>
    deps.recorder.change(request, { reason }, async () => runOf(await work())),
  );
}

function addApprove(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/approve',
    {
      config: { permission: 'approve', access: 'approveRun' },
      schema: schemaOf('Approve just the plan that was looked at; not your own', runApproval),
    },
    (request, reply) => {
      const { runId: id } = request.params;
      const { planHash: seenHash } = request.body;
      return decide(deps, { request, reply, reason: id }, () =>
        approveRun(deps, { id, seenHash, actor: runActorOf(request) }),
      );
    },
  );
}

function addStart(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/start',
    {
      config: { permission: 'control', access: 'startRun' },
      handlerTimeout: limitMs,
      schema: schemaOf('Start an approved run, if templates and bills are as they were approved', runStart),
    },
    (request, reply) => {
      const { runId: id } = request.params;
      return decide(deps, { request, reply, reason: id }, () =>
        startRun(deps, { id, actor: runActorOf(request) }),
      );
    },
  );
}

function addPause(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/pause',
    {
      config: { permission: 'control', access: 'pauseRun' },
      schema: schemaOf('Release nothing more of a run; what is released goes out', runReason),
    },
    (request, reply) => {
      const { runId: id } = request.params;
      const { reason } = request.body;
      return decide(deps, { request, reply, reason: `${id}: ${reason}` }, () =>
        pauseRun(deps, { id, reason, actor: runActorOf(request) }),
      );
    },
  );
}

function addResume(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/resume',
    {
      config: { permission: 'control', access: 'resumeRun' },
      schema: schemaOf('Release on; with a reason, although a gate holds the run', runOptionalReason),
    },
    (request, reply) => {
      const { runId: id } = request.params;
      const { reason } = request.body;
      return decide(deps, { request, reply, reason: `${id}: ${reason ?? ''}` }, () =>
        resumeRun(deps, { id, reason, actor: runActorOf(request) }),
      );
    },
  );
}

function addOverrule(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/overrule',
    {
      config: { permission: 'approve', access: 'overruleGate' },
      schema: schemaOf(
        'Let the rest of a run go although a gate holds it; with four eyes not your own',
        runReason,
      ),
    },
    (request, reply) => {
      const { runId: id } = request.params;
      const { reason } = request.body;
      return decide(deps, { request, reply, reason: `${id}: ${reason}` }, () =>
        overruleGate(deps, { id, reason, actor: runActorOf(request) }),
      );
    },
  );
}

function addClose(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/runs/:runId/close',
    {
      config: { permission: 'control', access: 'closeRun' },
      schema: schemaOf('Throw a draft away, end a paused run, or close one that is done', runOptionalReason),
    },
    (request, reply) => {
      const { runId: id } = request.params;
      const { reason } = request.body;
      return decide(deps, { request, reply, reason: `${id}: ${reason ?? ''}` }, () =>
        closeRun(deps, { id, reason, actor: runActorOf(request) }),
      );
    },
  );
}
