import type { Consumer, Kafka, KafkaMessage } from 'kafkajs';
import { v4 as newId } from 'uuid';
import { within } from '../lib/timeLimit.ts';
import { answeredInTime } from './answeredInTime.ts';
import { withAdmin } from './kafkaAdmin.ts';

/** A record as a topic has it. */
export interface FoundRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

interface Wanted {
  readonly kafka: Kafka;
  readonly topic: string;
  /** The time from which on the topic is read, in milliseconds. */
  readonly sinceMs: number;
  readonly limitMs: number;
  readonly isWanted: (message: KafkaMessage) => boolean;
}

/**
 * Reads a topic from a time on until it finds a record; undefined if the topic does not hold it now. It reads
 * in a separate group, which commits nothing.
 * @throws BillcastError KAFKA_FAILED, also if Kafka does not answer, or the record is not found in time
 */
export async function findRecord(wanted: Wanted): Promise<FoundRecord | undefined> {
  const { kafka, limitMs } = wanted;
  const failure = 'The topic could not be read from Kafka';
  const unread = await answeredInTime(kafka, { failure }, findUnread(wanted, `${failure}.`));
  if (unread.size === 0) return undefined;
  return answeredInTime(kafka, { failure, limitMs }, readUnread(wanted, unread));
}

/** By partition. */
async function findUnread({ kafka, topic, sinceMs }: Wanted, failure: string): Promise<Map<number, Rest>> {
  const places = await withAdmin({ kafka }, failure, async (admin) => {
    const starts = await admin.fetchTopicOffsetsByTimestamp(topic, sinceMs);
    const ends = new Map(
      (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, high]),
    );
    return starts.map(({ partition, offset }) => ({ partition, offset, end: ends.get(partition) ?? offset }));
  });
  return new Map(
    places.flatMap(({ partition, offset, end }) =>
      BigInt(offset) < BigInt(end) ? [[partition, { offset, end: BigInt(end) }] as const] : [],
    ),
  );
}

async function readUnread(wanted: Wanted, unread: Map<number, Rest>): Promise<FoundRecord | undefined> {
  const { kafka, topic, limitMs } = wanted;
  const consumer = kafka.consumer({ groupId: `billcast-find-${newId()}`, allowAutoTopicCreation: false });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic });
    // It ends here if nobody waits any more.
    return await within(limitMs, readUntilFound(consumer, wanted, unread));
  } finally {
    await consumer.disconnect();
  }
}

interface Rest {
  readonly offset: string;
  readonly end: bigint;
}

function readUntilFound(
  consumer: Consumer,
  { topic, isWanted }: Wanted,
  unread: Map<number, Rest>,
): Promise<FoundRecord | undefined> {
  return new Promise((resolve, reject) => {
    const eachMessage = async ({ partition, message }: { partition: number; message: KafkaMessage }) => {
      if (isWanted(message)) resolve({ key: message.key, value: message.value });
      const next = BigInt(message.offset) + 1n;
      const { end = next } = unread.get(partition) ?? {};
      if (next >= end) unread.delete(partition);
      else unread.set(partition, { offset: String(next), end });
      if (unread.size === 0) resolve(undefined);
    };
    // If the group's coordinator is not there yet, kafkajs starts again, and forgets what it was to seek.
    consumer.on(consumer.events.GROUP_JOIN, () => {
      for (const [partition, { offset }] of unread) consumer.seek({ topic, partition, offset });
    });
    consumer.run({ autoCommit: false, eachMessage }).catch(reject);
  });
}
