import type { Database } from '../db/database.ts';
import { type NumberedOutcome, readOutcomes } from '../db/outcomes/readOutcomes.ts';
import type { WebhookEndpoint } from '../db/outcomes/webhookEndpoints.ts';
import { beginMessage, messageDelivered, messageFailed, passedOver } from '../db/outcomes/webhookProgress.ts';
import type { Logger } from '../log/log.ts';
import type { WebhookPoster } from './postWebhook.ts';
import { webhookMessage } from './webhookMessage.ts';
import { webhookSecret } from './webhookSecret.ts';
import { judgeWebhook, type WebhookAnswer, wordsOfAnswer } from './webhookVerdict.ts';

export interface Delivery {
  readonly database: Database;
  readonly poster: WebhookPoster;
  readonly key: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Messages of this many are about 40 kB. */
export const outcomesPerMessage = 100;
/** More are read if an endpoint wants only some kinds, since few of them may be among these. */
const outcomesPerLook = 1_000;

/**
 * Delivers the next message of an endpoint.
 * @returns the endpoint's new state if there may be more; undefined if it has to wait, or there is nothing
 */
export async function deliverNext(
  delivery: Delivery,
  endpoint: WebhookEndpoint,
): Promise<WebhookEndpoint | undefined> {
  const { database, poster, key, signal } = delivery;
  const { wanted, end } = await nextOutcomes(database, endpoint);
  if (end === undefined) {
    return endpoint.replay === null ? undefined : withoutReplay(delivery, endpoint);
  }
  if (wanted.length === 0) return withoutMessage(delivery, endpoint, end);
  const isNew = endpoint.replay === null && endpoint.sendingThrough === null;
  if (isNew && !(await beginMessage(database, endpoint, end))) return undefined;
  const secrets = [endpoint.salt, endpoint.oldSalt].flatMap((salt) =>
    salt === null ? [] : [webhookSecret(key, salt)],
  );
  const message = webhookMessage(wanted, { secrets, now: new Date() });
  const answer = await poster.post(endpoint.url, message, signal);
  // The try was cut off by a stop, which says nothing about the endpoint.
  if (signal.aborted && answer.kind === 'unanswered') return undefined;
  return record(delivery, endpoint, { answer, end });
}

/** The outcomes of the next message. The feed does not change, so after a crash it is the same message. */
async function nextOutcomes(
  database: Database,
  { through, sendingThrough, replay, outcomes }: WebhookEndpoint,
): Promise<NextOutcomes> {
  const range = replay ?? { after: through, through: sendingThrough ?? undefined };
  const limit = outcomes === null ? outcomesPerMessage : outcomesPerLook;
  return chooseOutcomes(await readOutcomes(database, { ...range, limit }), outcomes);
}

interface NextOutcomes {
  readonly wanted: readonly NumberedOutcome[];
  /** The message covers the outcomes up to this number; undefined if there are none. */
  readonly end: number | undefined;
}

/** Pure: chooses what goes into one message. @param kinds null: all */
export function chooseOutcomes(
  found: readonly NumberedOutcome[],
  kinds: readonly string[] | null,
): NextOutcomes {
  const all = kinds === null ? found : found.filter(({ outcome }) => kinds.includes(outcome));
  const wanted = all.slice(0, outcomesPerMessage);
  const last = all.length > wanted.length ? wanted.at(-1) : found.at(-1);
  return { wanted, end: last?.number };
}

/** Passes over outcomes of which the endpoint wants none. */
async function withoutMessage(
  { database }: Delivery,
  endpoint: WebhookEndpoint,
  end: number,
): Promise<WebhookEndpoint> {
  if (endpoint.replay === null) await passedOver(database, endpoint, end);
  else await messageDelivered(database, endpoint, { end, answer: 'it wants nothing of it' });
  return afterDelivery(endpoint, end);
}

/** Ends a replay whose outcomes were deleted meanwhile. */
async function withoutReplay(
  { database }: Delivery,
  endpoint: WebhookEndpoint,
): Promise<WebhookEndpoint | undefined> {
  const { replay } = endpoint;
  if (replay === null) return undefined;
  await messageDelivered(database, endpoint, { end: replay.through, answer: 'nothing of it is kept' });
  return { ...endpoint, replay: null };
}

async function record(
  { database, log }: Delivery,
  endpoint: WebhookEndpoint,
  { answer, end }: { readonly answer: WebhookAnswer; readonly end: number },
): Promise<WebhookEndpoint | undefined> {
  const { id, failures } = endpoint;
  const words = wordsOfAnswer(answer);
  const verdict = judgeWebhook(answer, failures, Math.random());
  switch (verdict.kind) {
    case 'delivered':
      await messageDelivered(database, endpoint, { end, answer: words });
      return afterDelivery(endpoint, end);
    case 'again':
      await messageFailed(database, endpoint, { answer: words, delayMs: verdict.delayMs });
      log.warn({ webhook: id, answer: words, againMs: Math.round(verdict.delayMs) }, 'webhook failed');
      return undefined;
    case 'disable': {
      const disabledWhy = `${verdict.why}: ${words}`;
      await messageFailed(database, endpoint, { answer: words, disabledWhy });
      log.error(
        { webhook: id, why: disabledWhy, todo: `billcast webhook enable ${id}` },
        'webhook disabled: it gets nothing until somebody enables it',
      );
      return undefined;
    }
    default:
      return verdict satisfies never;
  }
}

function afterDelivery(endpoint: WebhookEndpoint, end: number): WebhookEndpoint {
  const { replay } = endpoint;
  const works = { failures: 0, failingSince: null };
  if (replay === null) return { ...endpoint, ...works, through: end, sendingThrough: null };
  const rest = end === replay.through ? null : { after: end, through: replay.through };
  return { ...endpoint, ...works, replay: rest };
}
