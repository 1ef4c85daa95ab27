import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/db/database.ts';
import { ask } from './ask.ts';
import { startedRun } from './startedRun.ts';

/** The run and the action of these rows. */
export const openRows = { runId: 'timeless', actionId: randomUUID() } as const;

const hash = '0'.repeat(64);

/** What people and processes write besides bills: a row at least per table that an answer shows. */
export async function addOpenRows(database: Database, billId: string): Promise<void> {
  const { runId: id, actionId } = openRows;
  const { run } = await startedRun(database, { id, selection: { month: '2026-11' }, bills: 1 });
  for (const statement of [
    `brake (channel, kind, cause, since, set_by, next_trial_at) values
       ('EMAIL', 'unknown', 'HTTP_TIME_OUT', now(), 'dispatcher', now())`,
    `brake (channel, released_at, released_by) values ('SMS', now(), 'ann')`,
    `channel_outcome (dispatcher, channel, bucket, accepted, refused, unknown, unreachable, settings, turned, limited,
       pace, pace_cause, pace_since) select id, 'EMAIL', 1, 1, 0, 0, 0, 0, 0, 1, 2, 'HTTP_429', now() from dispatcher`,
    `channel_hour (hour, channel, came_back_at) values (now(), 'EMAIL', now())`,
    `claim_batch select uuidv7(), id, '{${billId}}', now() from dispatcher`,
    `control (paused_at, paused_by, resumed_at, resumed_by) values (now(), 'ann', now(), 'ben')`,
    `sms_expectation values ('2026-11-01', 0.1, now())`,
    `rehearsal (run, facts) values (${run}, '{}')`,
    `run_manifest values (${run}, now(), 'ann', 0, 0, '\\x${hash}')`,
    `test_send (run, key_suffix, bill_id, channel, provider, sender, outcome, ended_at)
       values (${run}, 'seed:timeless:1-0', ${billId}, 'EMAIL', 'simulated', uuidv7(), 'ACCEPTED', now())`,
    `bill_action (id, kind, request, requested_by, as_of, expires_at, reason, started_at, finished_at, state)
       values ('${actionId}', 'cancel', '{"kind": "cancel", "selection": {}}', 'ann', now(), now(), 'a test', now(), now(),
         'DONE')`,
    `forecast (id, request, requested_by) values (uuidv7(), '{"selection": {"month": "2026-11"}}', 'ann')`,
    `suppression (channel, address_hash, member_id, bill_id, reason, added_by, lifted_at, lifted_by)
       values ('EMAIL', 'x', 7, ${billId}, 'manual', 'ann', now(), 'ben')`,
    `api_token (id, name, roles, sha256, created_by, expires_at, last_used_at, revoked_at, revoked_by)
       values (uuidv7(), 'theirs', '{viewer}', '${hash}', 'ann', now(), now(), now(), 'ben')`,
    `webhook_endpoint (id, url, salt, added_by, through, disabled_at, disabled_why, failing_since, delivered_at)
       values ('theirs', 'https://billing.example/', uuidv7(), 'ann', 0, now(), 'gone', now(), now())`,
    `outcome_switch (on_by) values ('ann')`,
    `outcome_feed (number, bill_id, cycle, channel, outcome, applied, made_by, at)
       values (1, ${billId}, 1, 'EMAIL', 'ACCEPTED', true, 'ann', now())`,
    `bill_receipt (bill_id, cycle, channel, kind, provider, came_by, happened_at)
       values (${billId}, 1, 'EMAIL', 'delivered', 'simulated', 'webhook', now())`,
    `receipt_poll values ('simulated', 'all', now(), now(), 'HTTP_TIME_OUT', now())`,
    `closed_month (billing_month, state, closed_by) values ('2020-01-01', 'closed', 'ann')`,
    `early_event (topic, partition, "offset", recorded_ms, bill_id, member_id)
       values ('bill.email', 1, 1, 0, ${billId}, 7)`,
  ]) {
    await ask(database, `insert into ${statement}`);
  }
}
