import type { BillTopics, Channel } from '../../src/channels.ts';
import type { TopicRecord } from '../../src/kafka/readTopics.ts';
import type { FinalRow } from './checker.ts';
import { type Poisoned, poisonHeader } from './poisonChecker.ts';

/*
 * Pure: compares the topics with the rows. Only this check sees a producer that loses acknowledged records: a
 * bill whose event is lost is found by the sweeper, so it is delivered all the same.
 */

/** The header of events that a fault publishes again. They do not count as the relay's. */
export const duplicateHeader = 'chaos-duplicate';

export interface BillRow extends FinalRow {
  readonly memberId: string;
}

/** How often a row was marked as published, by kind of record. */
export interface Publication {
  readonly billId: string;
  readonly kind: Channel | 'DEAD LETTER';
  readonly cycle: number;
  readonly times: number;
}

type Records = readonly TopicRecord[];

/**
 * Looks for the dead letter of each cycle in which a bill FAILED. The next cycle starts only after that
 * letter is acknowledged, so all of them must be there.
 * @returns one line per missing letter
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
 * Compares the records of each bill with how often its row was marked as published.
 * @returns one line per bill and topic with too few records
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
    const [mark] = marked;
    if (mark === undefined || found >= times) return [];
    const { kind, billId } = mark;
    return [
      `record lost: ${kind} of bill ${billId} was published ${times} times, and is there ${found} times`,
    ];
  });
}

/**
 * Checks that each record has a reason to exist: an event names a bill and its member, a dead letter names a
 * poison record or a bill that FAILED in that cycle.
 * @returns one line per record without a reason
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
    if (record.topic !== topics.deadLetter) return isExpectedEvent(record, bills);
    if ('billcast-topic' in record.headers) return poisonPlaces.has(sourceOf(record));
    return isExpectedLetter(record, bills);
  };
  return records
    .filter((record) => !isExplained(record))
    .map((record) => `unexplained: ${placeOf(record)}, key ${String(record.key)}, ${String(record.value)}`);
}

type BillsById = ReadonlyMap<string, BillRow>;

function isExpectedEvent(record: TopicRecord, bills: BillsById): boolean {
  return poisonHeader in record.headers || findNamedBill(record, bills) !== undefined;
}

function isExpectedLetter(record: TopicRecord, bills: BillsById): boolean {
  const row = findNamedBill(record, bills);
  if (row === undefined) return false;
  const { cycle } = parseIds(record);
  return cycle < row.cycle || (cycle === row.cycle && row.status === 'FAILED');
}

/** The bill of the record's key, if its value names that bill and its member. */
function findNamedBill(record: TopicRecord, bills: BillsById): BillRow | undefined {
  const row = bills.get(String(record.key));
  const { billId, memberId } = parseIds(record);
  return row !== undefined && billId === row.billId && memberId === row.memberId ? row : undefined;
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
