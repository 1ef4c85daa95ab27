import {
  addWebhook,
  enableWebhook,
  listWebhooks,
  removeWebhook,
  replayOutcomes,
  rotateWebhook,
  type WebhookFacts,
} from '../../operations/outcomes/webhooks.ts';
import type { ApiApp } from '../apiApp.ts';
import type { ApiDeps } from '../apiDeps.ts';
import {
  type WebhookEntry,
  webhookAdd,
  webhookAdded,
  webhookChange,
  webhookChanged,
  webhookList,
  webhookParams,
  webhookReplay,
  webhookReplayed,
  webhookRotate,
  webhookRotated,
} from '../contract/webhooksContract.ts';
import { actorOf } from '../identity/actor.ts';
import { Problem } from '../problems/problem.ts';

const tags = ['webhooks'];
const permission = 'control';

/** Where outcomes are posted to. */
export function addWebhookRoutes(app: ApiApp, deps: ApiDeps): void {
  app.get(
    '/api/v1/webhooks',
    {
      config: { permission: 'readHistory' },
      schema: {
        tags,
        summary: 'The webhooks, and how far each has come',
        response: { 200: webhookList },
      },
    },
    async () => ({ items: (await listWebhooks(deps)).map(entryOf) }),
  );
  app.post(
    '/api/v1/webhooks',
    {
      config: { permission, access: 'addWebhook' },
      schema: {
        tags,
        summary: 'Add a webhook; its secret is in this answer only',
        body: webhookAdd,
        response: { 200: webhookAdded },
      },
    },
    (request) => {
      const { reason, ...asked } = request.body;
      const concern = { reason: `${asked.id} ${new URL(asked.url).origin}: ${reason}` };
      return deps.recorder.change(request, concern, () =>
        addWebhook(deps, { ...asked, actor: actorOf(request) }),
      );
    },
  );
  addChange(app, deps, {
    verb: 'remove',
    summary: 'Remove a webhook, and its place in the feed',
    make: removeWebhook,
  });
  addChange(app, deps, { verb: 'enable', summary: 'Try a webhook again, at once', make: enableWebhook });
  addRotate(app, deps);
  addReplay(app, deps);
}

interface WebhookChange {
  readonly verb: 'remove' | 'enable';
  readonly summary: string;
  readonly make: (deps: ApiDeps, id: string) => Promise<boolean>;
}

function addChange(app: ApiApp, deps: ApiDeps, { verb, summary, make }: WebhookChange): void {
  app.post(
    `/api/v1/webhooks/:id/${verb}`,
    {
      config: { permission, access: `${verb}Webhook` },
      schema: {
        tags,
        summary,
        params: webhookParams,
        body: webhookChange,
        response: { 200: webhookChanged },
      },
    },
    (request) => {
      const { id } = request.params;
      return deps.recorder.change(request, { reason: `${id}: ${request.body.reason}` }, async () => {
        if (!(await make(deps, id))) throw new Problem('NOT_FOUND', `There is no webhook ${id}.`);
        return { id };
      });
    },
  );
}

function addRotate(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/webhooks/:id/rotate',
    {
      config: { permission, access: 'rotateWebhook' },
      schema: {
        tags,
        summary: 'Give a webhook a new secret, in this answer only; the old one stays valid for a time',
        params: webhookParams,
        body: webhookRotate,
        response: { 200: webhookRotated },
      },
    },
    (request) => {
      const { id } = request.params;
      const { keepHours, reason } = request.body;
      return deps.recorder.change(request, { reason: `${id}: ${reason}` }, () =>
        rotateWebhook(deps, { id, keepHours }),
      );
    },
  );
}

function addReplay(app: ApiApp, deps: ApiDeps): void {
  app.post(
    '/api/v1/webhooks/:id/replay',
    {
      config: { permission, access: 'replayWebhook' },
      schema: {
        tags,
        summary: 'Deliver a range of numbers again',
        params: webhookParams,
        body: webhookReplay,
        response: { 200: webhookReplayed },
      },
    },
    (request) => {
      const { id } = request.params;
      const { from, to, reason } = request.body;
      const concern = { reason: `${id} ${from} to ${to ?? 'the last'}: ${reason}` };
      return deps.recorder.change(request, concern, () => replayOutcomes(deps, { id, from, to }));
    },
  );
}

function entryOf(facts: WebhookFacts): WebhookEntry {
  const { outcomes, oldUntil, addedAt, disabledAt, failingSince, nextAt, deliveredAt, ...rest } = facts;
  return {
    ...rest,
    outcomes: outcomes && [...outcomes],
    oldUntil: oldUntil?.toISOString() ?? null,
    addedAt: addedAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
    failingSince: failingSince?.toISOString() ?? null,
    nextAt: nextAt.toISOString(),
    deliveredAt: deliveredAt?.toISOString() ?? null,
  };
}
