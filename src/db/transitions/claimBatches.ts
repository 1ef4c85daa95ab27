import type { ClaimToken, DispatcherId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { plainArray, queryCount } from '../sql.ts';
import { doubtHeld, takeBackHeld } from './takeBack.ts';

const forgetSettled = {
  name: 'forget-settled-batches',
  text: `delete from claim_batch where token = any($1::uuid[])`,
};

/** Deletes batches whose bills their own dispatcher has all settled. */
export async function forgetSettledBatches(database: Database, tokens: readonly ClaimToken[]): Promise<void> {
  await database.query(forgetSettled, [plainArray(tokens)]);
}

const renew = {
  name: 'renew-batches',
  text: `update claim_batch set claimed_at = now() where token = any($1::uuid[])`,
};

/** Renews batches that their dispatcher still works on: they count as claimed just now. */
export async function renewBatches(database: Database, tokens: readonly ClaimToken[]): Promise<void> {
  await database.query(renew, [plainArray(tokens)]);
}

/**
 * A batch is abandoned if its owner's heartbeat is older than $1 ms (or gone), or if it is itself older than
 * $2 ms: a living owner settles or renews it far sooner, so such a batch is a leak.
 */
const abandoned = `batch as (
    select batch.token, batch.bill_ids
    from claim_batch batch
    where batch.claimed_at < now() - $2::float8 * interval '1 ms'
       or not exists (
         select 1 from dispatcher d
         where d.id = batch.owner and d.heartbeat_at > now() - $1::float8 * interval '1 ms')
    order by batch.claimed_at
    limit $3
    for update of batch skip locked
  )`;

const heldByAbandoned = `${abandoned}, held as (
    select token, unnest(bill_ids) as bill_id from batch
  )`;

const takeBack = takeBackHeld('take-back-abandoned', heldByAbandoned);
const doubt = doubtHeld('doubt-abandoned', heldByAbandoned, '$4');

/**
 * An abandoned batch is deleted only if no bill has its token any more. A separate statement checks that:
 * otherwise a hand-off that commits between the two statements above would leave a SENT bill that nobody
 * finds.
 */
const forgetAbandoned = {
  name: 'forget-abandoned-batches',
  text: `with ${abandoned}, forgotten as (
      delete from claim_batch c using batch
      where c.token = batch.token and not exists (
        select 1 from bill_notification n
        where n.bill_id = any(batch.bill_ids) and n.claim_token = batch.token
          and n.send_status in ('SENDING', 'SENT'))
      returning c.token
    )
    select count(*)::int from forgotten`,
};

export interface AbandonedLimits {
  /** After so long a silence of a dispatcher its batches are abandoned, ms. */
  readonly claimTtlMs: number;
  /** A batch older than this is abandoned even if its owner is alive, ms. */
  readonly batchMaxAgeMs: number;
  /** The most batches per call. */
  readonly batches: number;
}

/** SENDING -> PENDING for the bills of abandoned batches; returns how many. */
export function takeBackAbandoned(database: Database, limits: AbandonedLimits): Promise<number> {
  return queryCount(database, takeBack, limitValues(limits));
}

/** SENT -> IN_DOUBT for the bills of abandoned batches; returns how many. */
export function doubtAbandoned(database: Database, limits: AbandonedLimits, actor: string): Promise<number> {
  return queryCount(database, doubt, [...limitValues(limits), actor]);
}

/** Deletes abandoned batches that hold nothing any more; returns how many. */
export function forgetAbandonedBatches(database: Database, limits: AbandonedLimits): Promise<number> {
  return queryCount(database, forgetAbandoned, limitValues(limits));
}

function limitValues({ claimTtlMs, batchMaxAgeMs, batches }: AbandonedLimits): number[] {
  return [claimTtlMs, batchMaxAgeMs, batches];
}

const beat = {
  name: 'heartbeat',
  text: `
    insert into dispatcher (id, name, heartbeat_at, metrics_address, template_version, channels, four_eyes)
    values ($1, $2, now(), $3, $4, $5, $6)
    on conflict (id) do update set heartbeat_at = now()`,
};

/** The dispatcher that is alive. */
export interface Beating {
  readonly id: DispatcherId;
  /** `host:pid` */
  readonly name: string;
  /** `host:port` of its metrics; undefined if it has none. */
  readonly metricsAddress?: string | undefined;
  /** The version of the template that it prints with. */
  readonly templateVersion?: string | undefined;
  /** `CHANNELS`, in their order. */
  readonly channels?: readonly Channel[] | undefined;
  /** The value of `FOUR_EYES`. */
  readonly fourEyes?: boolean | undefined;
}

/** Records that this dispatcher is alive. The first call inserts its row. */
export async function heartbeat(database: Database, beating: Beating): Promise<void> {
  const { id, name, metricsAddress = null, templateVersion = null, channels, fourEyes = false } = beating;
  const values = [id, name, metricsAddress, templateVersion, channels?.join() ?? null, fourEyes];
  await database.query(beat, values);
}

const leave = { name: 'leave', text: `delete from dispatcher where id = $1` };

/** Called at a clean stop: whatever this dispatcher still holds may be taken back at once. */
export async function leaveDispatchers(database: Database, id: DispatcherId): Promise<void> {
  await database.query(leave, [id]);
}

const forgetDead = {
  name: 'forget-dead-dispatchers',
  text: `
    delete from dispatcher d
    where d.heartbeat_at < now() - $1::float8 * interval '1 ms'
      and not exists (select 1 from claim_batch batch where batch.owner = d.id)
    returning d.name`,
};

/** Deletes dispatchers that are silent and hold nothing; returns their names. */
export async function forgetDeadDispatchers(database: Database, claimTtlMs: number): Promise<string[]> {
  const rows = await database.query<[string]>(forgetDead, [claimTtlMs]);
  return rows.map(([name]) => name);
}
