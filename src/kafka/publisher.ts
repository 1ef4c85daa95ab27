import type { Kafka } from 'kafkajs';
import { chunk } from '../lib/chunk.ts';
import type { Outgoing } from './outgoing.ts';
import { partitionOfKey } from './partitionOfKey.ts';
import { createTopicMap, type Partitions } from './topicMap.ts';
import { createTopicProducer, type TopicProducer } from './topicProducer.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Publishes records. An acknowledgement counts only for the partition named in the answer. */
export interface Publisher {
  /** @throws the brokers' error, for example that the topic does not exist */
  partitionsOf(topic: string): Promise<Partitions>;
  /**
   * Publishes records of one partition, at most `recordsPerRequest`.
   * @throws if any record may not be acknowledged; then the same records may be published again
   */
  publishTo(place: TopicPartition, records: readonly Outgoing[]): Promise<void>;
  /**
   * Publishes records of any topics and partitions; resolves when each is acknowledged by all in-sync
   * replicas.
   * @throws if any record may not be; then the same records may be published again
   */
  publish(records: readonly Outgoing[]): Promise<void>;
  stop(): Promise<void>;
}

/** Bounded, because per message kafkajs copies the whole list of its partition. */
export const recordsPerRequest = 1_000;

export function createPublisher(kafka: Kafka): Publisher {
  const topicMap = createTopicMap(kafka);
  const producers = new Map<string, TopicProducer>();

  const producerOf = (topic: string): TopicProducer => {
    const producer = producers.get(topic) ?? createTopicProducer(kafka, topic);
    producers.set(topic, producer);
    return producer;
  };
  const publishTo: Publisher['publishTo'] = ({ topic, partition }, records) =>
    producerOf(topic).send(partition, records);

  return {
    partitionsOf: topicMap.partitionsOf,
    publishTo,
    async publish(records) {
      for (const [topic, ofTopic] of Map.groupBy(records, (record) => record.topic)) {
        const partitions = await topicMap.partitionsOf(topic);
        for (const [partition, ofPartition] of Map.groupBy(ofTopic, ({ key }) =>
          choosePartition(key, partitions),
        )) {
          for (const part of chunk(ofPartition, recordsPerRequest)) {
            await publishTo({ topic, partition }, part);
          }
        }
      }
    },
    async stop() {
      await Promise.all([topicMap.stop(), ...[...producers.values()].map((producer) => producer.stop())]);
    },
  };
}

/** The partition of a record. Without a key, any partition that has a leader. */
export function choosePartition(key: Outgoing['key'], partitions: Partitions): number {
  if (key !== null) return partitionOfKey(key, partitions.length);
  const led = partitions.filter(({ hasLeader }) => hasLeader);
  return led[Math.floor(Math.random() * led.length)]?.partition ?? 0;
}
