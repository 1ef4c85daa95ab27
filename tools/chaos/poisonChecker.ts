import type { PoisonReason } from '../../src/bill.ts';
import type { TopicRecord } from '../../src/kafka/readTopics.ts';

/** The header that tells a record of poison from the events between which it lies; its value is the record's id. */
export const poisonHeader = 'chaos-poison';

/** Records of poison that Kafka has acknowledged: the reason that each must have, by id. */
export type Poisoned = ReadonlyMap<string, PoisonReason>;

/**
 * Pure: looks for the dead letter of each record of poison in the dead letter topic itself, by where the record lies.
 * One that was written twice needs two. The letters of bills that FAILED do not name a record and do not count.
 * @param records all of the source topics and of the dead letter topic
 * @returns a line for each that has none with its reason and its bytes
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
