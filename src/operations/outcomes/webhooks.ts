import { v4 as newId } from 'uuid';
import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { outcomeKinds } from '../../db/outcomes/outcomeKinds.ts';
import { readOutcomeProgress } from '../../db/outcomes/outcomeSwitch.ts';
import {
  addWebhookEndpoint,
  enableWebhookEndpoint,
  listWebhookEndpoints,
  removeWebhookEndpoint,
  replayWebhook,
  rotateWebhookEndpoint,
  type WebhookEndpoint,
} from '../../db/outcomes/webhookEndpoints.ts';
import { BillcastError } from '../../errors.ts';
import { endpointProblem } from '../../webhooks/endpointAddress.ts';
import { webhookSecret } from '../../webhooks/webhookSecret.ts';

interface WebhookDeps {
  readonly database: Database;
  readonly config: { readonly webhooks: Config['webhooks'] };
}

/** An endpoint as people see it. */
export interface WebhookFacts extends Omit<WebhookEndpoint, 'salt' | 'oldSalt' | 'sendingThrough'> {
  /** Without the part after `?`, which may be a secret. */
  readonly url: string;
  /** Outcomes that it has not received yet. */
  readonly behind: number;
}

export async function listWebhooks({ database }: Pick<WebhookDeps, 'database'>): Promise<WebhookFacts[]> {
  const { last } = await readOutcomeProgress(database);
  const endpoints = await listWebhookEndpoints(database);
  return endpoints.map(({ salt: _salt, oldSalt: _old, sendingThrough: _end, ...endpoint }) => ({
    ...endpoint,
    url: endpoint.url.replace(/\?.*$/, '?...'),
    // It may have got more since `last` was read, and a restored database has lost numbers.
    behind: Math.max(0, last - endpoint.through),
  }));
}

export interface AddWebhook {
  readonly id: string;
  readonly url: string;
  /** It gets the outcomes after this number; if missing, all that come from now on. */
  readonly after?: number | undefined;
  /** It gets only these outcomes; all if missing. */
  readonly outcomes?: readonly string[] | undefined;
  /** `person <name>` */
  readonly actor: string;
}

/**
 * Adds an endpoint.
 * @returns its secret, which is shown only this once
 * @throws BillcastError USAGE if the URL is not allowed, the id is taken, there is no outcome `after` yet, or
 * WEBHOOK_KEY is not set
 */
export async function addWebhook(
  { database, config: { webhooks } }: WebhookDeps,
  { id, url, after, outcomes, actor }: AddWebhook,
): Promise<{ readonly id: string; readonly secret: string }> {
  const key = demandKey(webhooks);
  const other = outcomes?.find((kind) => !outcomeKinds.includes(kind));
  if (other !== undefined) {
    throw new BillcastError('USAGE', `${other} is no outcome. These are: ${outcomeKinds.join(', ')}`);
  }
  const problem = endpointProblem(url, webhooks);
  if (problem !== undefined) throw new BillcastError('USAGE', `the URL ${problem}`);
  const { last } = await readOutcomeProgress(database);
  if (after !== undefined && after > last) {
    throw new BillcastError('USAGE', `there is no outcome ${after} yet: the last one is ${last}`);
  }
  const salt = newId();
  if (!(await addWebhookEndpoint(database, { id, url, salt, after, outcomes, actor }))) {
    throw new BillcastError('USAGE', `there is a webhook ${id} already: remove it, or choose another id`);
  }
  return { id, secret: webhookSecret(key, salt) };
}

function noWebhook(id: string): BillcastError {
  return new BillcastError('NOT_FOUND', `there is no webhook ${id}`);
}

function demandKey({ key }: Config['webhooks']): string {
  if (key !== undefined) return key;
  throw new BillcastError(
    'USAGE',
    'set WEBHOOK_KEY for all processes first (openssl rand -base64 32): secrets of webhooks come from it',
  );
}

/** How long the old secret stays valid, in hours. */
export const usualKeepHours = 24;

/**
 * Gives an endpoint a new secret. For some time its messages are signed with both.
 * @returns the new secret, which is shown only this once
 * @throws BillcastError NOT_FOUND if there is no endpoint with this id, USAGE if WEBHOOK_KEY is not set
 */
export async function rotateWebhook(
  { database, config: { webhooks } }: WebhookDeps,
  { id, keepHours = usualKeepHours }: { readonly id: string; readonly keepHours?: number | undefined },
): Promise<{ readonly id: string; readonly secret: string; readonly keepHours: number }> {
  const key = demandKey(webhooks);
  const salt = newId();
  if (!(await rotateWebhookEndpoint(database, { id, salt, keepMs: keepHours * 3_600_000 }))) {
    throw noWebhook(id);
  }
  return { id, secret: webhookSecret(key, salt), keepHours };
}

/** @returns false if there is no endpoint with this id */
export function removeWebhook({ database }: Pick<WebhookDeps, 'database'>, id: string): Promise<boolean> {
  return removeWebhookEndpoint(database, id);
}

/** Makes deliveries begin again at once, with retries. @returns false if there is no endpoint with this id */
export function enableWebhook({ database }: Pick<WebhookDeps, 'database'>, id: string): Promise<boolean> {
  return enableWebhookEndpoint(database, id);
}

export interface ReplayFacts {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Delivers a range of numbers again, before new outcomes.
 * @throws BillcastError NOT_FOUND if there is no endpoint with this id, USAGE if the range was never
 * delivered, or is no longer kept
 */
export async function replayOutcomes(
  { database }: Pick<WebhookDeps, 'database'>,
  {
    id,
    from,
    to = Number.MAX_SAFE_INTEGER,
  }: { readonly id: string; readonly from: number; readonly to?: number | undefined },
): Promise<ReplayFacts> {
  const endpoints = await listWebhookEndpoints(database);
  if (!endpoints.some((endpoint) => endpoint.id === id)) throw noWebhook(id);
  const { firstKept, last } = await readOutcomeProgress(database);
  if (from < (firstKept ?? last + 1)) {
    throw new BillcastError('USAGE', `outcomes below ${firstKept ?? last + 1} are not kept any more`);
  }
  const through = await replayWebhook(database, { id, after: from - 1, through: to });
  if (through === undefined) {
    throw new BillcastError('USAGE', `the webhook ${id} has not got number ${from} yet`);
  }
  return { id, from, to: through };
}
