import type { Database } from '../db/database.ts';
import { markEventsPublished, selectOwedEvents } from '../db/outbox.ts';
import { markPoisonPublished, type PoisonRecord, selectPoison } from '../db/poison.ts';
import { BillcastError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { publishFitting } from './fitting.ts';
import { type Outgoing, poisonLetter, type RelayTopics, shorterLetters, toOutgoing } from './outgoing.ts';
import type { Publisher } from './publisher.ts';

export interface RoundParts {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly topics: RelayTopics;
  readonly log: Logger;
}

/** What a round costs besides its events is shared by many: with 1,000 a round, a bill costs 11 us more at full speed. */
const eventsARound = 10_000;
const poisonARound = { limit: 500, bytes: 1_000_000 };

/**
 * Publishes the oldest of what rows owe and marks it.
 * @returns how many rows no longer owe what they owed
 * @throws BillcastError KAFKA_FAILED where a topic refuses a record in every form; all others are out by then
 */
export const publishRound = async (parts: RoundParts): Promise<number> => {
  const bills = await publishOwed(parts);
  const poison = await publishPoison(parts);
  const refused = [...bills.refused, ...poison.refused];
  if (refused.length > 0) throw refusal(refused);
  return bills.published + poison.published;
};

interface Outcome {
  readonly published: number;
  readonly refused: Iterable<Outgoing>;
}

const publishOwed = async ({ database, publisher, topics }: RoundParts): Promise<Outcome> => {
  const owed = await selectOwedEvents(database, eventsARound);
  if (owed.length === 0) return nothing;
  const outgoing = owed.map((event) => ({ event, records: toOutgoing(event, topics) }));
  const { refused } = await publishFitting(
    publisher,
    outgoing.flatMap(({ records }) => records),
  );
  const published = outgoing.filter(({ records }) => !records.some((record) => refused.has(record)));
  await markEventsPublished(
    database,
    published.map(({ event }) => event),
  );
  return { published: published.length, refused };
};

const publishPoison = async (parts: RoundParts): Promise<Outcome> => {
  const poison = await selectPoison(parts.database, poisonARound);
  if (poison.length === 0) return nothing;
  const letters = new Map(poison.map((record) => [poisonLetter(record, parts.topics), record]));
  const { shortened, refused } = await publishFitting(parts.publisher, [...letters.keys()], shorterLetters);
  const recordsOf = (wanted: (letter: Outgoing) => boolean): PoisonRecord[] =>
    [...letters].flatMap(([letter, record]) => (wanted(letter) ? [record] : []));
  const whole = recordsOf((letter) => !shortened.has(letter) && !refused.has(letter));
  await markPoisonPublished(parts.database, whole);
  await markShortened(
    parts,
    recordsOf((letter) => shortened.has(letter)),
  );
  return { published: poison.length - refused.size, refused };
};

const nothing: Outcome = { published: 0, refused: [] };

/** The dead letter topic has only the fact of these; their bytes stay where they are. */
const markShortened = async (
  { database, log }: RoundParts,
  records: readonly PoisonRecord[],
): Promise<void> => {
  if (records.length === 0) return;
  await markPoisonPublished(database, records, { keepBytes: true });
  for (const { topic, partition, offset, reason } of records)
    log.warn(
      { topic, partition, offset, reason },
      'record is too large for the dead letter topic: published without its bytes, which stay in poison_record',
    );
};

const refusal = (refused: readonly Outgoing[]): BillcastError => {
  const topics = [...new Set(refused.map(({ topic }) => topic))].join(', ');
  return new BillcastError(
    'KAFKA_FAILED',
    `${refused.length} records are too large for ${topics}. Raise max.message.bytes.`,
  );
};
