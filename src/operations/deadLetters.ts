import { readDatabaseTime } from '../db/databaseTime.ts';
import {
  findPoison,
  type ListedPoison,
  markPoisonReplayed,
  newestPoison,
  type PoisonId,
  type PoisonPageKey,
  readPoisonPage,
} from '../db/reads/poisonPage.ts';
import { answeredInTime } from '../kafka/answeredInTime.ts';
import { findRecord } from '../kafka/findRecord.ts';
import type { Kafka } from '../kafka/kafkaClient.ts';
import { createPublisher } from '../kafka/publisher.ts';
import { within } from '../lib/timeLimit.ts';
import { becauseOf } from './explain/reasons.ts';
import type { OperationDeps } from './operationDeps.ts';
import { refuseInSafeMode } from './testSends/refuseInSafeMode.ts';

/** A record that could not be used, with its reason in words. */
export interface DeadLetterFacts extends ListedPoison {
  readonly meaning: string | null;
}

/** One page of the records that could not be used, newest first. */
export async function listDeadLetters(
  { database }: Pick<OperationDeps, 'database'>,
  { before = newestPoison, limit }: { readonly before?: PoisonPageKey | undefined; readonly limit: number },
): Promise<{ readonly asOf: Date; readonly items: readonly DeadLetterFacts[] }> {
  const asOf = await readDatabaseTime(database);
  return { asOf, items: (await readPoisonPage(database, { before, limit })).map(withMeaning) };
}

/** A record with its bytes, which may contain anything. */
export interface OpenedDeadLetter {
  readonly record: DeadLetterFacts;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Where the bytes were found. Once the dead letter is published, they are only in its topic. */
  readonly source: 'table' | 'topic' | 'gone';
}

type Deps = Pick<OperationDeps, 'config' | 'database' | 'kafka'>;

/**
 * Reads a record with its bytes.
 * @returns undefined if the id is unknown
 * @throws BillcastError KAFKA_FAILED if the bytes are in the topic and that cannot be read
 */
export async function openDeadLetter(deps: Deps, id: PoisonId): Promise<OpenedDeadLetter | undefined> {
  const found = await findPoison(deps.database, id);
  if (found === undefined) return undefined;
  const { key, value } = found;
  const record = withMeaning(found.record);
  if (value !== null || record.publishedAt === null) return { record, key, value, source: 'table' };
  const letter = await findLetter(deps, record, record.publishedAt);
  return letter === undefined
    ? { record, key, value: null, source: 'gone' }
    : { record, key: letter.key, value: letter.value, source: 'topic' };
}

/**
 * Sends a record to its topic again, unchanged.
 * @returns false if its bytes no longer exist
 * @throws BillcastError KAFKA_FAILED, which says whether it may have been sent
 */
export async function replayDeadLetter(
  deps: Deps,
  { letter, id, actor }: { readonly letter: OpenedDeadLetter; readonly id: PoisonId; readonly actor: string },
): Promise<boolean> {
  refuseInSafeMode(deps.config, 'A replay');
  if (letter.source === 'gone') return false;
  const { kafka } = deps;
  const publisher = createPublisher(kafka);
  const { topic } = id;
  try {
    await answeredInTime(kafka, { failure: 'Nothing was sent again' }, publisher.partitionsOf(topic));
    const published = publisher.publish([{ topic, key: letter.key, value: letter.value }]);
    await answeredInTime(kafka, { failure: unconfirmed }, published);
  } finally {
    await within(stopLimitMs, publisher.stop());
  }
  await markPoisonReplayed(deps.database, id, actor);
  return true;
}

const unconfirmed = 'It may have been sent, and to send it once more does no harm';
/** A client does not stop while a broker owes it an answer. */
const stopLimitMs = 1_000;

/**
 * The search in the topic begins this much earlier: the relay publishes before it marks, and clocks differ.
 */
const clockSlackMs = 120_000;
const searchLimitMs = 20_000;

function findLetter(
  { config, kafka }: { readonly config: OperationDeps['config']; readonly kafka: Kafka },
  { topic, partition, offset }: PoisonId,
  publishedAt: Date,
) {
  const wanted = {
    'billcast-topic': topic,
    'billcast-partition': String(partition),
    'billcast-offset': offset,
  };
  return findRecord({
    kafka,
    topic: config.kafka.topics.deadLetter,
    sinceMs: publishedAt.getTime() - clockSlackMs,
    limitMs: searchLimitMs,
    isWanted: ({ headers }) =>
      Object.entries(wanted).every(([name, text]) => headers?.[name]?.toString() === text),
  });
}

function withMeaning(record: ListedPoison): DeadLetterFacts {
  return { ...record, meaning: becauseOf(record.reason) ?? null };
}
