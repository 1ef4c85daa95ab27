import type { PoisonReason } from '../../src/bill.ts';
import type { TopicRecord } from '../../src/kafka/readTopics.ts';

/** The header that marks a poison record; its value is the record's id. */
export const poisonHeader = 'chaos-poison';

/** Poison records that Kafka acknowledged: by id, the reason that each must get. */
export type Poisoned = ReadonlyMap<string, PoisonReason>;

/**
 * Pure: looks in the dead letter topic for the dead letter of each poison record, by the place of the record.
 * A record that was written twice needs two. Dead letters of FAILED bills name no record and do not count.
 * @param records all records of the source topics and of the dead letter topic
 * @returns one line per poison record without a dead letter with its reason and its bytes
 */
export function findLostPoison(
  poisoned: Poisoned,
  records: readonly TopicRecord[],
  deadLetterTopic: string,
): string[] {
  const letters = Map.groupBy(
    records.filter(({ topic, headers }) => topic === deadLetterTopic && 'billcast-topic' in headers),
    ({ headers }) =>
      `${headers['billcast-topic']}/${headers['billcast-partition']}@${headers['billcast-offset']}`,
  );
  const sources = Map.groupBy(
    records.filter(({ topic }) => topic !== deadLetterTopic),
    ({ headers }) => headers[poisonHeader],
  );
  return [...poisoned].flatMap(([id, reason]) => {
    const written = sources.get(id) ?? [];
    if (written.length === 0) return [`poison ${id} (${reason}): not in its topic, although acknowledged`];
    return written.flatMap((record) => complain(record, reason, letters.get(placeOf(record)) ?? []));
  });
}

function placeOf({ topic, partition, offset }: TopicRecord): string {
  return `${topic}/${partition}@${offset}`;
}

function complain(record: TopicRecord, reason: PoisonReason, letters: readonly TopicRecord[]): string[] {
  const where = `poison in ${placeOf(record)} (${reason})`;
  if (letters.length === 0) return [`${where}: no dead letter`];
  if (letters.some((letter) => letter.headers['billcast-reason'] === reason && hasBytesOf(letter, record))) {
    return [];
  }
  return [`${where}: a dead letter with another reason or other bytes`];
}

function hasBytesOf(letter: TopicRecord, record: TopicRecord): boolean {
  return isSame(letter.key, record.key) && isSame(letter.value, record.value);
}

function isSame(left: Buffer | null, right: Buffer | null): boolean {
  return left === null || right === null ? left === right : left.equals(right);
}
