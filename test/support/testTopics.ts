import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import kafkajs, { type IHeaders, type Kafka } from 'kafkajs';
import { perChannel } from '../../src/channels.ts';
import { ensureTopics } from '../../src/kafka/ensureTopics.ts';
import { createKafka } from '../../src/kafka/kafkaClient.ts';
import { silentLog } from './capturedLog.ts';
import { testKafkaBrokers } from './testKafka.ts';

/** A record of a topic. */
export interface StoredRecord {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The topics of the calling file, created before its first test and removed after its last. */
export function useTestTopics(partitions = 2) {
  const id = randomUUID();
  const topics = { ...perChannel((channel) => `${channel.toLowerCase()}-${id}`), deadLetter: `dead-${id}` };
  const kafka = createKafka({
    brokers: testKafkaBrokers().split(','),
    clientId: 'billcast-test',
    log: silentLog,
  });
  before(() => ensureTopics({ kafka, topics: Object.values(topics).map((name) => ({ name, partitions })) }));
  after(async () => {
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: Object.values(topics) });
    await admin.disconnect();
  });
  return { topics, kafka, read: (topic: string) => readTopic(kafka, topic) };
}

/** Changes the topic's `max.message.bytes`. */
export async function setLargestBatch(kafka: Kafka, topic: string, bytes: number): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const configEntries = [{ name: 'max.message.bytes', value: String(bytes) }];
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  });
  await admin.disconnect();
}

/** Everything that the topic holds now, partition by partition. */
export async function readTopic(kafka: Kafka, topic: string): Promise<StoredRecord[]> {
  const wanted = await countRecords(kafka, topic);
  const records: StoredRecord[] = [];
  if (wanted === 0) return records;
  const consumer = kafka.consumer({ groupId: randomUUID() });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const eachMessage: NonNullable<Parameters<typeof consumer.run>[0]>['eachMessage'] = async ({
        partition,
        message,
      }) => {
        const { key, value, headers } = message;
        records.push({ partition, key, value, headers: textOf(headers) });
        if (records.length === wanted) resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return records.sort((a, b) => a.partition - b.partition);
}

async function countRecords(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  } finally {
    await admin.disconnect();
  }
}

function textOf(headers: IHeaders = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
