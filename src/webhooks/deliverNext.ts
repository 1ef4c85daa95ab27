import type { Database } from '../db/database.ts';
import { type NumberedOutcome, readOutcomes } from '../db/outcomes/readOutcomes.ts';
import type { WebhookEndpoint } from '../db/outcomes/webhookEndpoints.ts';
import { beginMessage, messageDelivered, messageFailed } from '../db/outcomes/webhookProgress.ts';
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

/** About 40 kB. */
export const outcomesPerMessage = 100;

/**
 * Delivers the next message of an endpoint.
 * @returns the endpoint as it stands if it may have more; undefined if it has to wait, or there is nothing
 */
export async function deliverNext(
  delivery: Delivery,
  endpoint: WebhookEndpoint,
): Promise<WebhookEndpoint | undefined> {
  const { database, poster, key, signal } = delivery;
  const outcomes = await nextOutcomes(database, endpoint);
  const end = outcomes.at(-1)?.number;
  if (end === undefined) {
    return endpoint.replay === null ? undefined : withoutReplay(delivery, endpoint);
  }
  const isNew = endpoint.replay === null && endpoint.sendingThrough === null;
  if (isNew && !(await beginMessage(database, endpoint, end))) return undefined;
  const secret = webhookSecret(key, endpoint.salt);
  const message = webhookMessage(outcomes, { secret, now: new Date() });
  const answer = await poster.post(endpoint.url, message, signal);
  // A stop has cut it off: that says nothing about the endpoint.
  if (signal.aborted && answer.kind === 'unanswered') return undefined;
  return record(delivery, endpoint, { answer, end });
}

/** The feed does not change, so the same message comes out again after a crash. */
function nextOutcomes(
  database: Database,
  { through, sendingThrough, replay }: WebhookEndpoint,
): Promise<NumberedOutcome[]> {
  const range = replay ?? { after: through, through: sendingThrough ?? undefined };
  return readOutcomes(database, { ...range, limit: outcomesPerMessage });
}

/** What was to be replayed is not kept any more. */
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
