import type { Consumer, Kafka, KafkaMessage } from 'kafkajs';
import { v4 as newId } from 'uuid';
import { within } from '../lib/timeLimit.ts';
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
 * Reads a topic from a time on until it finds a record; undefined if the topic does not hold it now, or it is
 * not found in time. It reads in a separate group, which commits nothing.
 * @throws BillcastError KAFKA_FAILED
 */
export async function findRecord(wanted: Wanted): Promise<FoundRecord | undefined> {
  const { kafka, topic, sinceMs, limitMs } = wanted;
  const places = await withAdmin({ kafka }, 'The topic could not be read from Kafka.', async (admin) => {
    const starts = await admin.fetchTopicOffsetsByTimestamp(topic, sinceMs);
    const ends = new Map(
      (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, high]),
    );
    return starts.map(({ partition, offset }) => ({ partition, offset, end: ends.get(partition) ?? offset }));
  });
  const unread = new Map(
    places.flatMap(({ partition, offset, end }) =>
      BigInt(offset) < BigInt(end) ? [[partition, { offset, end: BigInt(end) }] as const] : [],
    ),
  );
  if (unread.size === 0) return undefined;
  const consumer = kafka.consumer({ groupId: `billcast-find-${newId()}`, allowAutoTopicCreation: false });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic });
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
      const rest = unread.get(partition);
      if (rest !== undefined && BigInt(message.offset) + 1n >= rest.end) unread.delete(partition);
      if (unread.size === 0) resolve(undefined);
    };
    consumer.run({ autoCommit: false, eachMessage }).catch(reject);
    for (const [partition, { offset }] of unread) consumer.seek({ topic, partition, offset });
  });
}
