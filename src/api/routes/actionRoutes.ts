import type { FastifyRequest } from 'fastify';
import {
  type BillAction,
  findBillAction,
  listBillActions,
  newestAction,
  startBillAction,
  stopBillAction,
} from '../../db/billActions.ts';
import { within } from '../../lib/timeLimit.ts';
import { nextActionPlace, readActionPlace } from '../../operations/actions/actionPlace.ts';
import type { ActionRequest } from '../../operations/actions/actionRequest.ts';
import { createAction } from '../../operations/actions/createAction.ts';
import { refusedBeforeStart } from '../../operations/actions/refusedBeforeStart.ts';
import { actionOf } from '../actionOf.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import {
  type Action,
  action,
  actionList,
  actionParams,
  actionQuery,
  actionRequest,
  actionStart,
} from '../contract/actionsContract.ts';
import { idempotencyHeader, oncePerKey } from '../idempotency.ts';
import { Problem } from '../problems/problem.ts';

const tags = ['actions'];
/** If looking at the bills takes longer, it goes on after the answer. */
const lookLimitMs = 10_000;

/**
 * Routes for what people do to bills: an action is looked at first, then started by its id, and moves only
 * what was looked at.
 */
export function addActionRoutes(app: ApiApp, deps: ApiDeps): void {
  addCreate(app, deps);
  addReads(app, deps);
  addStart(app, deps);
  addStop(app, deps);
}

function addCreate(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/actions',
    {
      config: { permission: 'actOnOneBill', access: 'createAction' },
      schema: {
        tags,
        summary: 'Look at what an action would do; nothing of the bills changes',
        headers: idempotencyHeader,
        body: actionRequest,
        response: { 201: action, 202: action },
      },
    },
    async (request, reply) => {
      const { dryRun: _, ...asked } = request.body;
      const wanted = asked as ActionRequest;
      await refuseMany(deps, request, wanted);
      const made = await oncePerKey(deps.database, { request, reply }, () =>
        deps.recorder.change(request, { reason: wanted.kind }, async () => {
          const requestedBy = request.identity?.name ?? '';
          const { id, collected } = await createAction(deps, { request: wanted, requestedBy });
          await within(lookLimitMs, collected);
          return await showAction(deps, id);
        }),
      );
      reply.header('location', `/api/v1/actions/${made.actionId}`);
      return reply.code(made.state === 'COLLECTING' ? 202 : 201).send(made);
    },
  );
}

function addReads(app: ApiApp, deps: ApiDeps): void {
  const config = { permission: 'read' } as const;
  app.get(
    '/api/v1/actions',
    {
      config,
      schema: {
        tags,
        summary: 'All actions, the newest first',
        querystring: actionQuery,
        response: { 200: actionList },
      },
    },
    async ({ query: { limit, after } }) => {
      const before = (after === undefined ? undefined : readActionPlace(after)) ?? newestAction;
      const actions = await listBillActions(deps.database, { before, limit });
      return { items: actions.map((one) => actionOf(one)), next: nextActionPlace(actions, limit) };
    },
  );
  app.get(
    '/api/v1/actions/:actionId',
    {
      config,
      schema: {
        tags,
        summary: 'One action and its progress',
        params: actionParams,
        response: { 200: action },
      },
    },
    ({ params }) => showAction(deps, params.actionId),
  );
}

function addStart(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/actions/:actionId/start',
    {
      config: { permission: 'actOnOneBill', access: 'startAction' },
      schema: {
        tags,
        summary: 'Start an action: bills that have changed since they were looked at are left alone',
        params: actionParams,
        body: actionStart,
        response: { 202: action },
      },
    },
    async (request, reply) => {
      const { actionId } = request.params;
      const { reason, ratePerSecond } = request.body;
      const looked = await demandAction(deps, actionId);
      await refuseMany(deps, request, looked.request as ActionRequest);
      const startedBy = request.identity?.name ?? '';
      const concern = { bills: looked.eligible, reason };
      await deps.recorder.change(request, concern, async () => {
        const started = await startBillAction(deps.database, actionId, {
          reason,
          startedBy,
          perSecond: ratePerSecond,
        });
        if (!started) throw notReady(await demandAction(deps, actionId));
      });
      reply.header('location', `/api/v1/actions/${actionId}`);
      return reply.code(202).send(actionOf(await demandAction(deps, actionId)));
    },
  );
}

function addStop(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/actions/:actionId/stop',
    {
      config: { permission: 'actOnOneBill', access: 'stopAction' },
      schema: {
        tags,
        summary: 'Stop an action: what is moved stays moved',
        params: actionParams,
        response: { 202: action },
      },
    },
    async (request, reply) => {
      const { actionId } = request.params;
      const running = await demandAction(deps, actionId);
      await refuseMany(deps, request, running.request as ActionRequest);
      await deps.recorder.change(request, {}, async () => {
        if (await stopBillAction(deps.database, actionId, request.identity?.name ?? '')) return;
        const { state } = await demandAction(deps, actionId);
        throw new Problem('ACTION_MOVED_ON', `It is ${state}.`);
      });
      return reply.code(202).send(actionOf(await demandAction(deps, actionId)));
    },
  );
}

async function showAction(deps: ApiDeps, id: string): Promise<Action> {
  const found = await demandAction(deps, id);
  return actionOf(found, await refusedBeforeStart(deps, found));
}

async function demandAction({ database }: ApiDeps, id: string): Promise<BillAction> {
  const found = await findBillAction(database, id);
  if (found === undefined) throw new Problem('ACTION_NOT_FOUND');
  return found;
}

function notReady({ state, expiresAt }: BillAction): Problem {
  const isExpired = state === 'EXPIRED' || (state === 'READY' && expiresAt <= new Date());
  return isExpired ? new Problem('ACTION_EXPIRED') : new Problem('ACTION_MOVED_ON', `It is ${state}.`);
}

/** Refuses an action on several bills to those who may act only on one, for a member who asked for it. */
async function refuseMany(
  { recorder }: ApiDeps,
  request: FastifyRequest,
  asked: ActionRequest,
): Promise<void> {
  if (request.identity?.permissions.includes('actOnBills') === true) return;
  const isForOne = asked.kind === 'retry' || asked.kind === 'resend';
  if (isForOne && asked.selection.billIds?.length === 1) return;
  await recorder.refused(request);
  throw new Problem('NOT_ALLOWED', 'This role may retry or resend one bill at a time, by its id.');
}
