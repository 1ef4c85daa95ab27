import type { BillId, MemberId } from '../../bill.ts';
import type { Ladder } from '../../ladder.ts';
import { countedMove } from '../counts/countedMoves.ts';
import type { Database } from '../database.ts';
import { plainArray, queryCount } from '../sql.ts';
import { listedChannel } from './fragments.ts';
import type { PoisonRecord } from './poisonRecords.ts';
import { type Transition, transitionStatement } from './transition.ts';

/** An event whose bill has no row yet, with where it came from and its bytes. */
export interface EarlyEvent extends Omit<PoisonRecord, 'reason'> {
  readonly billId: BillId;
  readonly memberId: MemberId;
}

const keep = {
  name: 'keep-early-events',
  text: `
    insert into early_event (topic, partition, "offset", recorded_ms, bill_id, member_id, key, value)
    select * from unnest($1::text[], $2::int[], $3::bigint[], $4::float8[], $5::bigint[], $6::bigint[],
                         $7::bytea[], $8::bytea[])
    on conflict (topic, partition, "offset", recorded_ms) do nothing`,
};

/** The values of a statement are one text: this is far below the longest possible one. */
const bytesAStatement = 16_000_000;

/** Stores events durably until their rows come. After this their offsets may pass. */
export async function keepEarlyEvents(database: Database, events: readonly EarlyEvent[]): Promise<void> {
  for (const part of partsBySize(events)) {
    await database.query(keep, [
      part.map((event) => event.topic),
      plainArray(part.map((event) => event.partition)),
      plainArray(part.map((event) => event.offset)),
      plainArray(part.map((event) => event.timestampMs)),
      plainArray(part.map((event) => event.billId)),
      plainArray(part.map((event) => event.memberId)),
      part.map((event) => event.key),
      part.map((event) => event.value),
    ]);
  }
}

function partsBySize(events: readonly EarlyEvent[]): EarlyEvent[][] {
  const parts: EarlyEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const size = (event.key?.length ?? 0) + (event.value?.length ?? 0);
    if (size > room || parts.length === 0) {
      parts.push([]);
      room = bytesAStatement;
    }
    parts.at(-1)?.push(event);
    room -= size;
  }
  return parts;
}

/** Moves a row that nobody has released since its event came (fences 5 and 7). */
export const releaseEarly = {
  name: 'releaseEarly',
  event: 'its event was kept, and its row has come',
  by: ['sweeper'],
  from: ['PENDING'],
  ifRow: 'held or published',
  to: 'PENDING',
  andRow: 'event owed',
  token: 'none',
  set: listedChannel('$2::text[]'),
} as const satisfies Transition;

/**
 * Reads the next window of early events by their own key and not by the index on bills, so that each call
 * costs the same, even if there are many events of bills that never come. If its row has come, the event is
 * deleted. A locked row waits for the next round.
 */
const releaseWindow = transitionStatement(releaseEarly, {
  name: 'release-early-bills',
  ctes: `seen as materialized (
      select id, bill_id, member_id from early_event
      where id > (select coalesce(max(last_bill_id), -1) from walk where name = 'early-events')
      order by id
      limit $1
    ), position as (
      insert into walk (name, last_bill_id)
      select 'early-events', case when count(*) < $1 then -1 else max(id) end from seen
      on conflict (name) do update set last_bill_id = excluded.last_bill_id
      returning last_bill_id
    ), come as materialized (
      select seen.id, n.bill_id
      from seen join bill_notification n on n.bill_id = seen.bill_id and n.member_id = seen.member_id
      order by n.bill_id
      for update of n skip locked
    ), single as (select distinct bill_id from come)`,
  rows: 'single',
  fences: [`n.publish_status <> 'PENDING'`],
  beside: [
    'deleted as (delete from early_event e using come where e.id = come.id)',
    countedMove('moved', { owed: 1 }),
  ],
  select: 'select (select last_bill_id = -1 from position), (select count(*)::int from moved)',
});

/**
 * Releases the bills whose events were kept and whose rows have come.
 * @returns `atEnd`: the next call begins again with the oldest event
 */
export async function releaseEarlyBills(
  database: Database,
  { window, order }: { readonly window: number; readonly order: Ladder['order'] },
): Promise<{ released: number; atEnd: boolean }> {
  const [row] = await database.query<[boolean, number]>(releaseWindow, [window, order]);
  return { released: row?.[1] ?? 0, atEnd: row?.[0] ?? true };
}

const selectUnlettered = {
  name: 'select-unlettered-early-events',
  text: `
    select id, topic, partition, "offset", recorded_ms, reason, key, value
    from (
      select *,
             row_number() over oldest_first as nth,
             sum(coalesce(octet_length(key), 0) + coalesce(octet_length(value), 0)) over oldest_first as bytes
      from (
        select e.*, case when n.bill_id is null then 'BILL_UNKNOWN' else 'EVENT_MEMBER_MISMATCH' end as reason
        from early_event e left join bill_notification n on n.bill_id = e.bill_id
        where not e.lettered and e.received_at <= now() - $1::float8 * interval '1 ms'
          and (n.bill_id is null or n.member_id <> e.member_id)
        order by e.received_at, e.id
        limit $2
      ) overdue
      window oldest_first as (order by received_at, id rows unbounded preceding)
    ) oldest
    where nth = 1 or bytes <= $3`,
};

/**
 * An event whose row has not come yet, or belongs to another member, in the form of a record that cannot be
 * used.
 */
export interface OverdueEvent {
  readonly id: string;
  readonly record: PoisonRecord;
}

/**
 * The oldest events that came longer ago than `ageMs`, have no dead letter yet, and have no row: at most
 * `limit` of them, and at most `bytes` of keys and values.
 */
export async function selectOverdueEvents(
  database: Database,
  { ageMs, limit, bytes }: { ageMs: number; limit: number; bytes: number },
): Promise<OverdueEvent[]> {
  const rows = await database.query<
    [string, string, number, string, number, PoisonRecord['reason'], Buffer | null, Buffer | null]
  >(selectUnlettered, [ageMs, limit, bytes]);
  return rows.map(([id, topic, partition, offset, timestampMs, reason, key, value]) => ({
    id,
    record: { topic, partition, offset, timestampMs, reason, key, value },
  }));
}

const mark = {
  name: 'mark-early-events-lettered',
  text: 'update early_event set lettered = true where id = any($1::bigint[])',
};

/** Marks events whose dead letters are owed now. Their rows may still come. */
export async function markEventsLettered(database: Database, ids: readonly string[]): Promise<void> {
  await database.query(mark, [plainArray(ids)]);
}

const forget = {
  name: 'forget-early-events',
  text: `
    with old as (
      select id from early_event
      where lettered and received_at <= now() - $1::float8 * interval '1 ms'
      order by received_at, id
      limit $2
    ), gone as (
      delete from early_event e using old where e.id = old.id returning 1
    )
    select count(*)::int from gone`,
};

/**
 * Deletes events that came longer ago than `ageMs` and have their dead letters; returns how many, at most
 * `limit`.
 */
export function forgetEarlyEvents(
  database: Database,
  { ageMs, limit }: { ageMs: number; limit: number },
): Promise<number> {
  return queryCount(database, forget, [ageMs, limit]);
}
