import { randomUUID } from 'node:crypto';
import type { BillId, Claim, ClaimToken, DispatcherId, MemberId, SendStatus } from '../../src/bill.ts';
import type { Channel } from '../../src/channels.ts';
import type { Database } from '../../src/db/database.ts';
import { ask } from './ask.ts';

export function billIdOf(id: number | string): BillId {
  return String(id) as BillId;
}
export function memberIdOf(id: number | string): MemberId {
  return String(id) as MemberId;
}
export function newToken(): ClaimToken {
  return randomUUID() as string as ClaimToken;
}
export function newDispatcherId(): DispatcherId {
  return randomUUID() as string as DispatcherId;
}

/** The member of every bill that is inserted without one. */
export const someMember = memberIdOf(7);

let lastBillId = 1_000;

/** An id that no other bill of this test file has. */
export function newBillId(): BillId {
  return billIdOf(++lastBillId);
}

/** One row, as far as a test cares; times are milliseconds before or after the database's now. */
export interface NotificationSpec {
  readonly billId?: BillId;
  readonly memberId?: MemberId;
  readonly channel?: Channel;
  readonly step?: number;
  readonly passed?: readonly Channel[];
  readonly sendStatus?: SendStatus;
  readonly publishStatus?: 'HELD' | 'PENDING' | 'PUBLISHED';
  readonly publishSeq?: number;
  readonly cycle?: number;
  readonly attempts?: number;
  readonly token?: ClaimToken | null;
  readonly notBeforeInMs?: number;
  readonly changedMsAgo?: number;
  readonly publishedMsAgo?: number;
  readonly handedOffMsAgo?: number;
  readonly inDoubtMsAgo?: number;
  readonly retransmitInMs?: number;
  readonly reason?: string;
}

const afterHandOff: readonly SendStatus[] = ['SENT', 'IN_DOUBT', 'DELIVERED'];
const claimed: readonly SendStatus[] = ['SENDING', ...afterHandOff];

/** Inserts one row in a legal state; what the state needs and the spec leaves out is made up. */
export async function insertNotification(
  database: Database,
  spec: NotificationSpec = {},
): Promise<Claim & { readonly token: ClaimToken }> {
  const row = complete(spec);
  await ask(
    database,
    `insert into bill_notification
       (bill_id, member_id, channel, send_status, publish_status, publish_seq, cycle, attempts, claim_token, reason,
        not_before, changed_at, published_at, handed_off_at, in_doubt_at, retransmit_at, failed_at,
        cancelled_at, step, passed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
        coalesce(now() + $11 * interval '1 ms', '-infinity'), now() - $12 * interval '1 ms',
        now() - $13 * interval '1 ms', now() - $14 * interval '1 ms', now() - $15 * interval '1 ms',
        now() + $16 * interval '1 ms', case when $4 = 'FAILED' then now() - $12 * interval '1 ms' end,
        case when $4 = 'CANCELLED' then now() - $12 * interval '1 ms' end, $17, $18)`,
    [
      ...[row.billId, row.memberId, row.channel, row.sendStatus, row.publishStatus, row.publishSeq],
      ...[row.cycle, row.attempts, row.token, row.reason, row.notBeforeInMs, row.changedMsAgo],
      ...[row.publishedMsAgo, row.handedOffMsAgo, row.inDoubtMsAgo, row.retransmitInMs],
      ...[row.step, row.passed],
    ],
  );
  const { billId, memberId, channel, cycle, attempts, passed, token } = row;
  return { billId, memberId, channel, cycle, attempts, triedMs: 0, passed, token: token ?? newToken() };
}

function complete(spec: NotificationSpec) {
  const sendStatus = spec.sendStatus ?? 'PENDING';
  return {
    billId: spec.billId ?? newBillId(),
    memberId: spec.memberId ?? someMember,
    channel: spec.channel ?? ('EMAIL' as const),
    step: spec.step ?? spec.passed?.length ?? 0,
    passed: spec.passed ?? null,
    sendStatus,
    publishStatus: spec.publishStatus ?? 'PUBLISHED',
    publishSeq: spec.publishSeq ?? 1,
    cycle: spec.cycle ?? 1,
    attempts: spec.attempts ?? 0,
    token: spec.token === undefined ? (claimed.includes(sendStatus) ? newToken() : null) : spec.token,
    reason: spec.reason ?? null,
    notBeforeInMs: spec.notBeforeInMs ?? null,
    changedMsAgo: spec.changedMsAgo ?? 0,
    publishedMsAgo: spec.publishedMsAgo ?? null,
    handedOffMsAgo: spec.handedOffMsAgo ?? (afterHandOff.includes(sendStatus) ? 0 : null),
    inDoubtMsAgo: spec.inDoubtMsAgo ?? (sendStatus === 'IN_DOUBT' ? 0 : null),
    retransmitInMs: spec.retransmitInMs ?? null,
  };
}

/** A row as it is now. */
export interface Notification {
  readonly channel: Channel;
  readonly sendStatus: SendStatus;
  readonly publishStatus: 'HELD' | 'PENDING' | 'PUBLISHED';
  readonly publishSeq: number;
  readonly cycle: number;
  readonly attempts: number;
  readonly token: ClaimToken | null;
  readonly reason: string | null;
  /** The time from now until it is due; null if it is due. */
  readonly notBeforeInMs: number | null;
  /** The time from its last change until it is due, however late this is read; null if it is always due. */
  readonly backOffMs: number | null;
  readonly changedMsAgo: number;
  readonly publishedMsAgo: number | null;
  readonly handedOffMsAgo: number | null;
  readonly inDoubtMsAgo: number | null;
  readonly retransmitInMs: number | null;
}

export async function readNotification(database: Database, billId: BillId): Promise<Notification> {
  const [row] = await ask<[Notification]>(
    database,
    `select json_build_object(
       'channel', channel, 'sendStatus', send_status, 'publishStatus', publish_status, 'publishSeq', publish_seq,
       'cycle', cycle, 'attempts', attempts, 'token', claim_token, 'reason', reason,
       'notBeforeInMs', case when not_before > now() then extract(epoch from not_before - now()) * 1000 end,
       'backOffMs', case when isfinite(not_before) then extract(epoch from not_before - changed_at) * 1000 end,
       'changedMsAgo', extract(epoch from now() - changed_at) * 1000,
       'publishedMsAgo', extract(epoch from now() - published_at) * 1000,
       'handedOffMsAgo', extract(epoch from now() - handed_off_at) * 1000,
       'inDoubtMsAgo', extract(epoch from now() - in_doubt_at) * 1000,
       'retransmitInMs', extract(epoch from retransmit_at - now()) * 1000)
     from bill_notification where bill_id = $1`,
    [billId],
  );
  if (row === undefined) throw new RangeError(`no notification of bill ${billId}`);
  return row[0];
}

/** The parts of a row that say where a bill stands, for tests that compare a row before and after. */
export async function standingOf(database: Database, billId: BillId) {
  const { channel, sendStatus, publishStatus, publishSeq, cycle, attempts, token, reason } =
    await readNotification(database, billId);
  return { channel, sendStatus, publishStatus, publishSeq, cycle, attempts, token, reason };
}

export async function statusOf(database: Database, billId: BillId): Promise<SendStatus> {
  return (await standingOf(database, billId)).sendStatus;
}

export interface JournalEntry {
  readonly outcome: string;
  readonly applied: boolean;
  readonly cycle: number;
  readonly channel: Channel;
  readonly reason: string | null;
  readonly providerId: string | null;
  readonly actor: string;
  readonly token: ClaimToken;
  readonly tookMs: number;
}

/** A bill's journal, oldest entry first. */
export async function journalOf(database: Database, billId: BillId): Promise<JournalEntry[]> {
  const rows = await ask<[JournalEntry]>(
    database,
    `select json_build_object(
       'outcome', outcome, 'applied', applied, 'cycle', cycle, 'channel', channel, 'reason', reason,
       'providerId', provider_id, 'actor', actor, 'token', claim_token,
       'tookMs', extract(epoch from finished_at - started_at) * 1000)
     from delivery_attempt where bill_id = $1 order by finished_at, outcome`,
    [billId],
  );
  return rows.map(([entry]) => entry);
}

export interface BatchSpec {
  readonly token: ClaimToken;
  readonly owner: DispatcherId;
  readonly billIds: readonly BillId[];
  readonly claimedMsAgo?: number;
}

/** A batch that a dispatcher holds, as the claim writes it. */
export async function insertBatch(database: Database, spec: BatchSpec): Promise<void> {
  await ask(
    database,
    `insert into claim_batch (token, owner, bill_ids, claimed_at)
     values ($1, $2, $3::bigint[], now() - $4 * interval '1 ms')`,
    [spec.token, spec.owner, spec.billIds, spec.claimedMsAgo ?? 0],
  );
}

/** Tokens of all batches that are not forgotten yet. */
export async function batchTokens(database: Database): Promise<ClaimToken[]> {
  const rows = await ask<[ClaimToken]>(database, 'select token from claim_batch order by claimed_at, token');
  return rows.map(([token]) => token);
}

/** A dispatcher whose last heartbeat is so long ago. */
export async function insertDispatcher(
  database: Database,
  { id = newDispatcherId(), name = 'host:1', silentMs = 0 } = {},
): Promise<DispatcherId> {
  await ask(
    database,
    `insert into dispatcher (id, name, heartbeat_at) values ($1, $2, now() - $3 * interval '1 ms')`,
    [id, name, silentMs],
  );
  return id;
}

const tables = [
  ...['member', 'bill', 'bill_item', 'bill_notification', 'delivery_attempt', 'claim_batch', 'dispatcher'],
  ...['lease', 'poison_record', 'walk', 'closed_month', 'early_event', 'bill_count', 'bill_move'],
  ...['bill_receipt', 'unmatched_receipt', 'suppression', 'run_canary', 'run_event'],
  ...[
    'run_manifest',
    'test_send',
    'run where number <> 0',
    'brake',
    'channel_outcome',
    'channel_hour',
    'receipt_poll',
  ],
];

/** Empties every table, for tests of what looks at all rows. Far faster than truncate for a few rows. */
export async function emptyTables(database: Database): Promise<void> {
  await ask(database, tables.map((table) => `delete from ${table}`).join(';'));
}
