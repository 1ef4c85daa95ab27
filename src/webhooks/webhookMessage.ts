import { Webhook } from 'standardwebhooks';
import type { NumberedOutcome } from '../db/outcomes/readOutcomes.ts';
import { documentOf } from '../relay/outcomes/outcomeRecord.ts';

/** One request: some outcomes in the order of their numbers. */
export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The message with these outcomes, signed by Standard Webhooks 1.0.0. If it is sent again, id and body are
 * the same, and time and signature are new.
 * @param options.secrets each signs it: while a secret is changed, the receiver may know either
 */
export function webhookMessage(
  outcomes: readonly NumberedOutcome[],
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: Date },
): WebhookMessage {
  const documents = outcomes.map(documentOf);
  const [first, last] = [documents.at(0), documents.at(-1)];
  const id = `outcomes_${first?.number}_${last?.number}`;
  const body = JSON.stringify({
    type: 'bill.outcomes',
    timestamp: last?.at,
    data: { outcomes: documents },
  });
  return {
    headers: {
      'content-type': 'application/json',
      'user-agent': 'billcast',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
    },
    body,
  };
}
