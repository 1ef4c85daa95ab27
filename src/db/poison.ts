import type { PoisonReason } from '../bill.ts';
import { plainArray } from './arrays.ts';
import type { Database } from './database.ts';

/** A record that could not be read or used, with where it came from. */
export interface PoisonRecord {
  readonly topic: string;
  readonly partition: number;
  /** The record's offset, as text: Kafka's are 64 bits wide. */
  readonly offset: string;
  /** The record's own timestamp, ms since 1970: tells it from one at the same offset of a recreated topic. */
  readonly timestampMs: number;
  readonly reason: PoisonReason;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

const keep = {
  name: 'keep-poison',
  text: `
    insert into poison_record (topic, partition, "offset", recorded_at, reason, key, value)
    select topic, partition, "offset", to_timestamp(least(recorded_ms, $8) / 1000), reason, key, value
    from unnest($1::text[], $2::int[], $3::bigint[], $4::float8[], $5::text[], $6::bytea[], $7::bytea[])
      as record (topic, partition, "offset", recorded_ms, reason, key, value)
    on conflict (topic, partition, "offset", recorded_at) do nothing`,
};

/** Keeps records durably; from here on the relay owes their dead letters, and the offset may pass. */
export const keepPoison = async (database: Database, records: readonly PoisonRecord[]): Promise<void> => {
  await database.query(keep, [
    records.map((record) => record.topic),
    plainArray(records.map((record) => record.partition)),
    plainArray(records.map((record) => record.offset)),
    plainArray(records.map((record) => record.timestampMs)),
    plainArray(records.map((record) => record.reason)),
    records.map((record) => record.key),
    records.map((record) => record.value),
    latestMs,
  ]);
};

/** A producer that writes nanoseconds, say, names a time that no timestamp can hold. */
const latestMs = Date.UTC(9999, 0);

const select = {
  name: 'select-poison',
  text: `
    select topic, partition, "offset", extract(epoch from recorded_at) * 1000, reason, key, value
    from (
      select *,
             row_number() over oldest_first as nth,
             sum(coalesce(octet_length(key), 0) + coalesce(octet_length(value), 0)) over oldest_first as bytes
      from poison_record where published_at is null
      window oldest_first as (order by received_at, topic, partition, "offset" rows unbounded preceding)
      order by received_at, topic, partition, "offset"
      limit $1
    ) oldest
    where nth = 1 or bytes <= $2`,
};

/** The oldest records whose dead letter is not acknowledged yet: at most `limit`, and `bytes` of keys and values. */
export const selectPoison = async (
  database: Database,
  { limit, bytes }: { limit: number; bytes: number },
): Promise<PoisonRecord[]> => {
  const rows = await database.query<
    [string, number, string, string, PoisonReason, Buffer | null, Buffer | null]
  >(select, [limit, bytes]);
  return rows.map(([topic, partition, offset, timestampMs, reason, key, value]) => ({
    topic,
    partition,
    offset,
    timestampMs: Number(timestampMs),
    reason,
    key,
    value,
  }));
};

/**
 * Where the bytes are in the dead letter topic now, what stays here is the fact, and a key that may be a bill's id.
 */
const mark = {
  name: 'mark-poison-published',
  text: `
    update poison_record p
    set published_at = now(), key = case when $5::boolean or octet_length(key) <= 19 then key end,
        value = case when $5::boolean then value end
    from unnest($1::text[], $2::int[], $3::bigint[], $4::float8[])
      as sent (topic, partition, "offset", recorded_ms)
    where p.topic = sent.topic and p.partition = sent.partition and p."offset" = sent."offset"
      and p.recorded_at = to_timestamp(sent.recorded_ms / 1000)`,
};

/**
 * Marks records whose dead letters were acknowledged.
 * @param options `keepBytes`: the letters went out without them, so that this is the only place that has them
 */
export const markPoisonPublished = async (
  database: Database,
  records: readonly PoisonRecord[],
  { keepBytes = false } = {},
): Promise<void> => {
  await database.query(mark, [
    records.map((record) => record.topic),
    plainArray(records.map((record) => record.partition)),
    plainArray(records.map((record) => record.offset)),
    plainArray(records.map((record) => record.timestampMs)),
    keepBytes,
  ]);
};
