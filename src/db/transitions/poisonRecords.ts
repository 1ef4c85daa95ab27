import type { PoisonReason } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/** A record that could not be read or used, with where it came from. */
export interface PoisonRecord {
  readonly topic: string;
  readonly partition: number;
  /** The record's offset, as text: Kafka's are 64 bits wide. */
  readonly offset: string;
  /**
   * The record's own timestamp, ms since 1970. It tells the record from one at the same offset of a recreated
   * topic.
   */
  readonly timestampMs: number;
  readonly reason: PoisonReason;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** The record batch that it stands for, as JSON: offsets, number of records, compression. */
  readonly batch?: string | null;
  /** How many bytes of key and value are not stored; null or missing if all are. */
  readonly missingBytes?: number | null;
}

const keep = {
  name: 'keep-poison',
  text: `
    insert into poison_record
      (topic, partition, "offset", recorded_at, reason, key, value, batch, missing_bytes)
    select topic, partition, "offset", to_timestamp(greatest(least(recorded_ms, $8), $9) / 1000), reason, key,
      value,      batch, missing_bytes
    from unnest($1::text[], $2::int[], $3::bigint[], $4::float8[], $5::text[], $6::bytea[], $7::bytea[],
      $10::jsonb[], $11::bigint[])
      as record (topic, partition, "offset", recorded_ms, reason, key, value, batch, missing_bytes)
    on conflict (topic, partition, "offset", recorded_at) do nothing`,
};

/**
 * Stores records durably. After this the relay owes their dead letters, and their offsets may pass. All bytes
 * are sent as one text of hex digits, so the caller must limit them.
 */
export async function keepPoison(database: Database, records: readonly PoisonRecord[]): Promise<void> {
  await database.query(keep, [
    records.map((record) => record.topic),
    plainArray(records.map((record) => record.partition)),
    plainArray(records.map((record) => record.offset)),
    plainArray(records.map((record) => record.timestampMs)),
    plainArray(records.map((record) => record.reason)),
    records.map((record) => record.key),
    records.map((record) => record.value),
    latestMs,
    earliestMs,
    records.map((record) => record.batch ?? null),
    records.map((record) => record.missingBytes ?? null),
  ]);
}

/**
 * Kafka accepts any 64-bit number as a time, such as nanoseconds, or one before the earliest timestamp. Such
 * times are stored as the latest or the earliest.
 */
const latestMs = Date.UTC(9999, 0);
const earliestMs = Date.UTC(-4000, 0);

/**
 * The place of a record in the order in which dead letters are owed. Times are in PostgreSQL's own notation,
 * which is exact.
 */
export interface PoisonKey {
  readonly receivedAt: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly recordedAt: string;
}

/** A record whose dead letter is owed. */
export interface OwedPoison extends Omit<PoisonRecord, 'timestampMs'> {
  readonly receivedAt: string;
  readonly recordedAt: string;
}

/** Before and behind all records. */
export const firstPoisonKey: PoisonKey = {
  receivedAt: '-infinity',
  topic: '',
  partition: -1,
  offset: '-1',
  recordedAt: '-infinity',
};
export const lastPoisonKey: PoisonKey = { ...firstPoisonKey, receivedAt: 'infinity' };

const select = {
  name: 'select-poison',
  text: `
    select topic, partition, "offset", reason, key, value, received_at::text, recorded_at::text, batch::text,
      missing_bytes::float8
    from (
      select *,
             row_number() over oldest_first as nth,
             sum(coalesce(octet_length(key), 0) + coalesce(octet_length(value), 0)) over oldest_first as bytes
      from poison_record
      where published_at is null
        and received_at >= least($3::timestamptz, now() - $8::float8 * interval '1 ms')
        and (received_at, topic, partition, "offset", recorded_at)
          > (least($3::timestamptz, now() - $8::float8 * interval '1 ms'),
             $4::text, $5::int, $6::bigint, $7::timestamptz)
      window oldest_first as (
        order by received_at, topic, partition, "offset", recorded_at rows unbounded preceding)
      order by received_at, topic, partition, "offset", recorded_at
      limit $1
    ) oldest
    where nth = 1 or bytes <= $2`,
};

/**
 * The oldest records whose dead letter is not acknowledged yet: at most `limit` of them, and at most `bytes`
 * of keys and values.
 * @param options.after only records behind this key; all of them if missing
 * @param options.lateMs records received within this time come too, even before `after`: they may have been
 * committed late
 */
export async function selectPoison(
  database: Database,
  options: { limit: number; bytes: number; after?: PoisonKey; lateMs?: number },
): Promise<OwedPoison[]> {
  const { limit, bytes, after = firstPoisonKey, lateMs = 0 } = options;
  const rows = await database.query<
    [
      ...[topic: string, partition: number, offset: string, reason: PoisonReason, key: Buffer | null],
      ...[value: Buffer | null, receivedAt: string, recordedAt: string, batch: string | null],
      missingBytes: number | null,
    ]
  >(select, [
    ...[limit, bytes, after.receivedAt, after.topic, after.partition, after.offset, after.recordedAt],
    lateMs,
  ]);
  return rows.map(
    ([topic, partition, offset, reason, key, value, receivedAt, recordedAt, batch, missing]) => ({
      topic,
      partition,
      offset,
      reason,
      key,
      value,
      receivedAt,
      recordedAt,
      batch,
      missingBytes: missing,
    }),
  );
}

/**
 * The bytes are in the dead letter topic now. What stays here is the fact, and a key that may be a bill's id.
 */
const mark = {
  name: 'mark-poison-published',
  text: `
    update poison_record p
    set published_at = now(), key = case when $5::boolean or octet_length(key) <= 19 then key end,
        value = case when $5::boolean then value end
    from unnest($1::text[], $2::int[], $3::bigint[], $4::timestamptz[])
      as sent (topic, partition, "offset", recorded_at)
    where p.topic = sent.topic and p.partition = sent.partition and p."offset" = sent."offset"
      and p.recorded_at = sent.recorded_at`,
};

/**
 * Marks records whose dead letters were acknowledged.
 * @param options `keepBytes`: the letters went out without the bytes, so this is the only place that has them
 */
export async function markPoisonPublished(
  database: Database,
  records: readonly Pick<OwedPoison, 'topic' | 'partition' | 'offset' | 'recordedAt'>[],
  { keepBytes = false } = {},
): Promise<void> {
  await database.query(mark, [
    records.map((record) => record.topic),
    plainArray(records.map((record) => record.partition)),
    plainArray(records.map((record) => record.offset)),
    records.map((record) => record.recordedAt),
    keepBytes,
  ]);
}
