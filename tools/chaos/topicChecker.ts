import { type BillTopics, type Channel, firstChannel } from '../../src/channels.ts';
import type { FinalRow } from './checker.ts';
import { type Poisoned, poisonHeader } from './poisonChecker.ts';
import type { TopicRecord } from './readTopics.ts';

/*
 * Pure: what the topics hold, against what the rows say. A row that says PUBLISHED is worth nothing if its record is in
 * no log; a producer that loses acknowledged records is seen here and nowhere else, since the sweeper finds the bills.
 */

/** The header of events that a fault publishes once more; they stand for none of the relay's. */
export const duplicateHeader = 'chaos-duplicate';

export interface BillRow extends FinalRow {
  readonly memberId: string;
}

/** How often a row was marked as published, by what it owed. */
export interface Publication {
  readonly billId: string;
  readonly kind: Channel | 'DEAD LETTER';
  readonly cycle: number;
  readonly times: number;
}

type Records = readonly TopicRecord[];

/**
 * The dead letter of each cycle in which a bill FAILED: it starts over only after that letter is acknowledged.
 * @returns a line for each that is not in its topic
 */
export function findLostLetters(rows: readonly BillRow[], records: Records, topics: BillTopics): string[] {
  const letters = lettersByKey(records, topics);
  return rows.flatMap((row) => {
    const failed = row.status === 'FAILED' ? row.cycle : row.cycle - 1;
    const cycles = Array.from({ length: failed }, (_, at) => at + 1);
    return cycles
      .filter((cycle) => !letters.has(`${row.billId}:${cycle}`))
      .map((cycle) => `letter lost: bill ${row.billId} FAILED in cycle ${cycle}, and no dead letter says so`);
  });
}

/**
 * A bill's records, against how often its row was marked as published.
 * @returns a line for each bill and topic with fewer records than that
 */
export function findLostRecords(
  publications: readonly Publication[],
  records: Records,
  topics: BillTopics,
): string[] {
  const events = Map.groupBy(
    records.filter(({ topic, headers }) => topic !== topics.deadLetter && !(duplicateHeader in headers)),
    ({ topic, key }) => `${topic}:${String(key)}`,
  );
  const letters = lettersByKey(records, topics);
  const marks = Map.groupBy(publications, ({ billId, kind, cycle }) =>
    kind === 'DEAD LETTER' ? `${billId}:${cycle}` : `${topics[kind]}:${billId}`,
  );
  return [...marks].flatMap(([place, marked]) => {
    const times = marked.reduce((sum, one) => sum + one.times, 0);
    const found = (events.get(place) ?? letters.get(place) ?? []).length;
    const [{ kind, billId } = { kind: firstChannel, billId: '?' }] = marked;
    return found >= times
      ? []
      : [`record lost: ${kind} of bill ${billId} was published ${times} times, and is there ${found} times`];
  });
}

/**
 * Every record has a reason to be there: an event names a bill and its member, a letter a bill that FAILED in that
 * cycle or a record of poison.
 * @returns a line for each that has none
 */
export function findUnexplained(options: {
  readonly rows: readonly BillRow[];
  readonly poisoned: Poisoned;
  readonly records: Records;
  readonly topics: BillTopics;
}): string[] {
  const { rows, poisoned, records, topics } = options;
  const bills = new Map(rows.map((row) => [row.billId, row]));
  const poisonPlaces = new Set(
    records.filter(({ headers }) => poisoned.has(headers[poisonHeader] ?? '')).map(placeOf),
  );
  const isExplained = (record: TopicRecord): boolean => {
    const row = bills.get(String(record.key));
    const names = parseIds(record);
    if (record.topic !== topics.deadLetter) {
      if (poisonHeader in record.headers) return true;
      return row !== undefined && names.billId === row.billId && names.memberId === row.memberId;
    }
    if ('billcast-topic' in record.headers) return poisonPlaces.has(sourceOf(record));
    if (row === undefined || names.billId !== row.billId || names.memberId !== row.memberId) return false;
    return names.cycle < row.cycle || (names.cycle === row.cycle && row.status === 'FAILED');
  };
  return records
    .filter((record) => !isExplained(record))
    .map((record) => `unexplained: ${placeOf(record)}, key ${String(record.key)}, ${String(record.value)}`);
}

/** Dead letters of bills, by bill and cycle. */
function lettersByKey(records: Records, topics: BillTopics): Map<string, TopicRecord[]> {
  const letters = records.filter(
    ({ topic, headers }) => topic === topics.deadLetter && !('billcast-topic' in headers),
  );
  return Map.groupBy(letters, (letter) => `${String(letter.key)}:${parseIds(letter).cycle}`);
}

function placeOf({ topic, partition, offset }: TopicRecord): string {
  return `${topic}/${partition}@${offset}`;
}

function sourceOf({ headers }: TopicRecord): string {
  return `${headers['billcast-topic']}/${headers['billcast-partition']}@${headers['billcast-offset']}`;
}

interface Ids {
  readonly billId: string | undefined;
  readonly memberId: string | undefined;
  readonly cycle: number;
}

function parseIds({ value }: TopicRecord): Ids {
  const text = String(value);
  const idOf = (name: string) => new RegExp(`"${name}":"?(\\d+)"?[,}]`).exec(text)?.[1];
  return { billId: idOf('billId'), memberId: idOf('memberId'), cycle: Number(idOf('cycle') ?? Number.NaN) };
}
