import type { ClaimToken, DispatcherId } from '../bill.ts';
import { plainArray } from './arrays.ts';
import type { Database, Statement } from './database.ts';

const forgetSettled = {
  name: 'forget-settled-batches',
  text: `delete from claim_batch where token = any($1::uuid[])`,
};

/** Deletes the batches that their own dispatcher has settled to the last bill. */
export const forgetSettledBatches = async (
  database: Database,
  tokens: readonly ClaimToken[],
): Promise<void> => {
  await database.query(forgetSettled, [plainArray(tokens)]);
};

/**
 * A batch is abandoned when its owner's heartbeat is older than $1 ms (or gone), or when it is itself older
 * than $2 ms: a living owner settles far sooner, so what is left then is a leak.
 */
const abandoned = `
  from claim_batch batch
  where batch.claimed_at < now() - $2::float8 * interval '1 ms'
     or not exists (
       select 1 from dispatcher d
       where d.id = batch.owner and d.heartbeat_at > now() - $1::float8 * interval '1 ms')`;

/** How a bill of an abandoned batch is found: by id and token, never by state, so that no index is needed. */
const heldByAbandoned = `
  with batch as (
    select batch.token, batch.bill_ids, batch.owner ${abandoned}
    order by batch.claimed_at
    limit $3
    for update of batch skip locked
  ), held as (
    select token, owner, unnest(bill_ids) as bill_id from batch
  )`;

/** State table: SENDING, its dispatcher is dead -> PENDING. */
const takeBack = {
  name: 'take-back-abandoned',
  text: `${heldByAbandoned}, taken_back as (
      update bill_notification n
      set send_status = 'PENDING', claim_token = null, not_before = '-infinity', changed_at = now(),
          publish_status = 'PENDING', publish_seq = publish_seq + 1
      from held
      where n.bill_id = held.bill_id and n.claim_token = held.token and n.send_status = 'SENDING'
      returning n.bill_id
    )
    select count(*)::int from taken_back`,
};

/** State table: SENT, owner gone or older than the limit -> IN_DOUBT; journalled, as nobody else will. */
const doubt = {
  name: 'doubt-abandoned',
  text: `${heldByAbandoned}, doubted as (
      update bill_notification n
      set send_status = 'IN_DOUBT', in_doubt_at = now(), not_before = '-infinity', changed_at = now(),
          reason = 'OWNER_GONE'
      from held
      where n.bill_id = held.bill_id and n.claim_token = held.token and n.send_status = 'SENT'
      returning n.bill_id, n.claim_token, n.cycle, n.channel, n.handed_off_at
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, claim_token, 'UNKNOWN', cycle, channel, true, 'OWNER_GONE', $4, handed_off_at, now()
      from doubted
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select count(*)::int from doubted`,
};

/**
 * An abandoned batch goes only when nothing is held by its token any more, judged in a statement of its own:
 * a hand-off that committed between the two statements above would otherwise be SENT with nobody to find it.
 */
const forgetAbandoned = {
  name: 'forget-abandoned-batches',
  text: `
    with batch as (
      select batch.token, batch.bill_ids ${abandoned}
      order by batch.claimed_at
      limit $3
      for update of batch skip locked
    ), forgotten as (
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
  /** Silence of a dispatcher after which its batches are abandoned, ms. */
  readonly claimTtlMs: number;
  /** Age of a batch after which it is abandoned whoever owns it, ms. */
  readonly batchMaxAgeMs: number;
  /** Batches a call. */
  readonly batches: number;
}

/** SENDING -> PENDING for the bills of abandoned batches; returns how many. */
export const takeBackAbandoned = (database: Database, limits: AbandonedLimits): Promise<number> =>
  countOf(database, takeBack, limitValues(limits));

/** SENT -> IN_DOUBT for the bills of abandoned batches; returns how many. */
export const doubtAbandoned = (database: Database, limits: AbandonedLimits, actor: string): Promise<number> =>
  countOf(database, doubt, [...limitValues(limits), actor]);

/** Deletes abandoned batches that hold nothing any more; returns how many. */
export const forgetAbandonedBatches = (database: Database, limits: AbandonedLimits): Promise<number> =>
  countOf(database, forgetAbandoned, limitValues(limits));

const limitValues = ({ claimTtlMs, batchMaxAgeMs, batches }: AbandonedLimits): number[] => [
  claimTtlMs,
  batchMaxAgeMs,
  batches,
];

const countOf = async (database: Database, statement: Statement, values: unknown[]): Promise<number> => {
  const [row] = await database.query<[number]>(statement, values);
  return row?.[0] ?? 0;
};

const beat = {
  name: 'heartbeat',
  text: `
    insert into dispatcher (id, name, heartbeat_at) values ($1, $2, now())
    on conflict (id) do update set heartbeat_at = now()`,
};

/** Says that this dispatcher is alive. The first one introduces it. */
export const heartbeat = async (database: Database, id: DispatcherId, name: string): Promise<void> => {
  await database.query(beat, [id, name]);
};

const leave = { name: 'leave', text: `delete from dispatcher where id = $1` };

/** A clean stop: whatever this dispatcher still holds may be taken back at once. */
export const leaveDispatchers = async (database: Database, id: DispatcherId): Promise<void> => {
  await database.query(leave, [id]);
};

const forgetDead = {
  name: 'forget-dead-dispatchers',
  text: `
    delete from dispatcher d
    where d.heartbeat_at < now() - $1::float8 * interval '1 ms'
      and not exists (select 1 from claim_batch batch where batch.owner = d.id)
    returning d.name`,
};

/** Forgets dispatchers that are silent and hold nothing; returns their names. */
export const forgetDeadDispatchers = async (database: Database, claimTtlMs: number): Promise<string[]> => {
  const rows = await database.query<[string]>(forgetDead, [claimTtlMs]);
  return rows.map(([name]) => name);
};
