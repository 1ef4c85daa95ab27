import type { PoisonReason } from '../../bill.ts';
import type { Database } from '../database.ts';
import { microsOf, timeOf } from '../sql.ts';

/** Identifies a record by its position, and by its own time in microseconds since 1970, as text. */
export interface PoisonId {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly recordedMicros: string;
}

/** A record that could not be used, in the form for people. */
export interface ListedPoison extends PoisonId {
  readonly recordedAt: Date;
  readonly receivedAt: Date;
  readonly receivedMicros: string;
  readonly reason: PoisonReason;
  /** How many bytes are stored here; null if none are. */
  readonly keyBytes: number | null;
  readonly valueBytes: number | null;
  readonly publishedAt: Date | null;
  readonly replayedAt: Date | null;
  readonly replayedBy: string | null;
}

/** The record of a `PoisonId`, given as $1 to $4. */
const isRecord = `topic = $1 and partition = $2 and "offset" = $3::bigint
      and ${microsOf('recorded_at')} = $4::bigint`;

const columns = `
  topic, partition, "offset", ${microsOf('recorded_at')}::text, recorded_at,
  received_at, ${microsOf('received_at')}::text, reason, octet_length(key), octet_length(value),
  published_at, replayed_at, replayed_by`;

const page = {
  name: 'poison-page',
  text: `
    select ${columns}
    from poison_record
    where (received_at, topic, partition, "offset") < (
      ${timeOf('$1::bigint')}, $2::text, $3::int, $4::bigint)
    order by received_at desc, topic desc, partition desc, "offset" desc
    limit $5`,
};

const find = {
  name: 'find-poison',
  text: `
    select ${columns}, key, value
    from poison_record
    where ${isRecord}`,
};

type Columns = [
  ...[topic: string, partition: number, offset: string, recordedMicros: string, recordedAt: Date],
  ...[receivedAt: Date, receivedMicros: string, reason: PoisonReason, keyBytes: number | null],
  ...[
    valueBytes: number | null,
    publishedAt: Date | null,
    replayedAt: Date | null,
    replayedBy: string | null,
  ],
];

/** Where a page ends. */
export interface PoisonPageKey extends Pick<PoisonId, 'topic' | 'partition' | 'offset'> {
  readonly receivedMicros: string;
}

export const newestPoison: PoisonPageKey = {
  receivedMicros: '9000000000000000',
  topic: '',
  partition: 0,
  offset: '0',
};

/** The records before a key, newest first. */
export async function readPoisonPage(
  database: Database,
  { before, limit }: { before: PoisonPageKey; limit: number },
): Promise<ListedPoison[]> {
  const { receivedMicros, topic, partition, offset } = before;
  const rows = await database.query<Columns>(page, [receivedMicros, topic, partition, offset, limit]);
  return rows.map(poisonOf);
}

/** One record with those of its bytes that are stored. */
export interface PoisonWithBytes {
  readonly record: ListedPoison;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export async function findPoison(database: Database, id: PoisonId): Promise<PoisonWithBytes | undefined> {
  const rows = await database.query<[...Columns, Buffer | null, Buffer | null]>(find, [
    id.topic,
    id.partition,
    id.offset,
    id.recordedMicros,
  ]);
  const [row] = rows;
  if (row === undefined) return undefined;
  return { record: poisonOf(row.slice(0, 13) as Columns), key: row[13], value: row[14] };
}

function poisonOf(row: Columns): ListedPoison {
  const [topic, partition, offset, recordedMicros, recordedAt, receivedAt, receivedMicros, reason] = row;
  const [keyBytes, valueBytes, publishedAt, replayedAt, replayedBy] = row.slice(8) as [
    ...[number | null, number | null, Date | null, Date | null, string | null],
  ];
  return {
    topic,
    partition,
    offset,
    recordedMicros,
    recordedAt,
    receivedAt,
    receivedMicros,
    reason,
    keyBytes,
    valueBytes,
    publishedAt,
    replayedAt,
    replayedBy,
  };
}

const mark = {
  name: 'mark-poison-replayed',
  text: `
    update poison_record set replayed_at = now(), replayed_by = $5
    where ${isRecord}`,
};

export async function markPoisonReplayed(database: Database, id: PoisonId, by: string): Promise<void> {
  await database.query(mark, [id.topic, id.partition, id.offset, id.recordedMicros, by]);
}
