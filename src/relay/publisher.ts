import { CompressionTypes, type Kafka, type Producer, type TopicMessages } from 'kafkajs';
import type { Outgoing } from './outgoing.ts';
import { partsOf } from './partsOf.ts';

/** Publishes records and resolves when every one of them is acknowledged by all in-sync replicas. */
export interface Publisher {
  /** Rejects when any record may not be acknowledged; the same records may then be published again. */
  publish(records: readonly Outgoing[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * An idempotent producer, one request in flight, lz4. After a failure it is made anew: the sequence numbers
 * of an idempotent producer that lost an answer cannot be trusted any more.
 */
export const createPublisher = (kafka: Kafka): Publisher => {
  let producer: Promise<Producer> | undefined;

  const connect = async (): Promise<Producer> => {
    const fresh = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false });
    await fresh.connect();
    return fresh;
  };

  const disconnect = async (): Promise<void> => {
    const current = producer;
    producer = undefined;
    await current?.then((connected) => connected.disconnect()).catch(() => undefined);
  };

  return {
    async publish(records) {
      if (records.length === 0) return;
      try {
        producer ??= connect();
        const connected = await producer;
        for (const part of partsOf(records, recordsARequest))
          await connected.sendBatch({
            acks: -1,
            compression: CompressionTypes.LZ4,
            topicMessages: byTopic(part),
          });
      } catch (error) {
        await disconnect();
        throw error;
      }
    },
    stop: disconnect,
  };
};

/** kafkajs copies a partition's list for each message in it: 10,000 at once for one partition cost 8 us more each. */
const recordsARequest = 2_000;

const byTopic = (records: readonly Outgoing[]): TopicMessages[] => {
  const topics = new Map<string, TopicMessages['messages']>();
  for (const { topic, ...message } of records) {
    const messages = topics.get(topic) ?? [];
    topics.set(topic, messages);
    messages.push(message);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
};
