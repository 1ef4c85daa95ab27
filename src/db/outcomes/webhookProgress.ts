import type { Database } from '../database.ts';
import type { WebhookEndpoint } from './webhookEndpoints.ts';

/*
 * Each change names its message: if somebody has changed the endpoint meanwhile, or another process has sent
 * the message, it changes nothing.
 */

const begin = {
  name: 'begin-webhook-message',
  text: `
    update webhook_endpoint set sending_through = $3::bigint
    where id = $1 and through = $2::bigint and sending_through is null and disabled_at is null
    returning id`,
};

/** Fixes the end of the next message before it is sent; false if another process may send it. */
export async function beginMessage(
  database: Database,
  { id, through }: WebhookEndpoint,
  end: number,
): Promise<boolean> {
  return (await database.query(begin, [id, through, end])).length > 0;
}

const delivered = {
  name: 'webhook-delivered',
  text: `
    update webhook_endpoint
    set through = $3::bigint, sending_through = null, failures = 0, failing_since = null, last_answer = $4,
        delivered_at = now()
    where id = $1 and through = $2::bigint`,
};

const replayed = {
  name: 'webhook-replayed',
  text: `
    update webhook_endpoint
    set replay_after = nullif($3::bigint, replay_through),
        replay_through = nullif(replay_through, $3::bigint),
        failures = 0, failing_since = null, last_answer = $4, delivered_at = now()
    where id = $1 and replay_after = $2::bigint and replay_through >= $3::bigint`,
};

/** Records that the endpoint has accepted the message that ends with this number. */
export async function messageDelivered(
  database: Database,
  { id, through, replay }: WebhookEndpoint,
  { end, answer }: { readonly end: number; readonly answer: string },
): Promise<void> {
  if (replay === null) await database.query(delivered, [id, through, end, answer]);
  else await database.query(replayed, [id, replay.after, end, answer]);
}

const passed = {
  name: 'webhook-passed-over',
  text: `
    update webhook_endpoint set through = $3::bigint
    where id = $1 and through = $2::bigint and sending_through is null`,
};

/** Records that up to this number the endpoint wants nothing. */
export async function passedOver(
  database: Database,
  { id, through }: WebhookEndpoint,
  end: number,
): Promise<void> {
  await database.query(passed, [id, through, end]);
}

const failed = {
  name: 'webhook-failed',
  text: `
    update webhook_endpoint
    set failures = failures + 1, failing_since = coalesce(failing_since, now()), last_answer = $3,
        next_at = now() + coalesce($4::float8, 0) * interval '1 ms',
        disabled_at = case when $5::text is not null then now() end, disabled_why = $5
    where id = $1 and failures = $2 and disabled_at is null
    returning id`,
};

/**
 * Records that the endpoint has not accepted the message.
 * @param trouble.delayMs the time until the next try
 * @param trouble.disabledWhy given if it is not tried again until somebody enables it
 * @returns whether the endpoint was still as it had been read
 */
export async function messageFailed(
  database: Database,
  { id, failures }: WebhookEndpoint,
  trouble: { readonly answer: string; readonly delayMs?: number; readonly disabledWhy?: string },
): Promise<boolean> {
  const { answer, delayMs = null, disabledWhy = null } = trouble;
  return (await database.query(failed, [id, failures, answer, delayMs, disabledWhy])).length > 0;
}
