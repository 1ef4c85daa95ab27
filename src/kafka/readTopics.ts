import { randomUUID } from 'node:crypto';
import { BillcastError } from '../errors.ts';
import { within } from '../lib/timeLimit.ts';
import { withAdmin } from './kafkaAdmin.ts';
import type { Kafka } from './kafkaClient.ts';

/** A record as it lies in its topic. */
export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * All records that the topics hold now, each partition from its start to its end. It keeps them all in
 * memory, so it is for tools and checks only.
 * @throws BillcastError KAFKA_FAILED if the ends are not reached in time
 */
export async function readTopics(kafka: Kafka, topics: readonly string[]): Promise<TopicRecord[]> {
  const unread = await fetchEnds(kafka, topics);
  const records: TopicRecord[] = [];
  if (unread.size === 0) return records;
  const { promise: complete, resolve } = Promise.withResolvers<void>();
  const consumer = kafka.consumer({ groupId: `read-topics-${randomUUID()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message: { offset, key, value, headers = {} } }) => {
        records.push({ topic, partition, offset, key, value, headers: textOf(headers) });
        const place = placeOf(topic, partition);
        if (BigInt(offset) + 1n >= (unread.get(place) ?? 0n)) unread.delete(place);
        if (unread.size === 0) resolve();
      },
    });
    await inTime(complete);
  } finally {
    await consumer.disconnect();
  }
  return records;
}

/** The offset behind the last record of each partition that holds any. */
function fetchEnds(kafka: Kafka, topics: readonly string[]): Promise<Map<string, bigint>> {
  return withAdmin({ kafka }, 'The ends of the topics could not be read from Kafka.', async (admin) => {
    const ends = new Map<string, bigint>();
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        if (high !== low) ends.set(placeOf(topic, partition), BigInt(high));
      }
    }
    return ends;
  });
}

function placeOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

type MessageHeaders = Readonly<Record<string, unknown>>;

function textOf(headers: MessageHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

const readWithinMs = 120_000;

async function inTime(complete: Promise<void>): Promise<void> {
  const isComplete = await within(
    readWithinMs,
    complete.then(() => true),
  );
  if (isComplete === undefined) {
    throw new BillcastError('KAFKA_FAILED', 'The topics could not be read to their ends in time.');
  }
}
