import { CompressionTypes, type Kafka, type Producer, type RecordMetadata } from 'kafkajs';
import { classifyKafkaError } from './kafkaError.ts';
import type { Outgoing } from './outgoing.ts';

/** Writes to one topic. */
export interface TopicProducer {
  /**
   * Sends one request to one partition. Resolves when all in-sync replicas have all records.
   * @throws if they may not have them; then the same records may be sent again
   */
  send(partition: number, records: readonly Outgoing[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * One producer per topic: kafkajs asks for the metadata of all topics of a producer at once, so a missing
 * topic would delay the others.
 *
 * kafkajs gets one try and one partition per request, for two reasons. In its own retries it forgets
 * partitions whose leader moved to a broker that had already answered (tulios/kafkajs#1303), and resolves
 * although their records are not written. And if an answer contains an error, kafkajs does not say which
 * partitions were written. The producer is not idempotent: kafkajs reuses the sequence numbers of a lost
 * request, so the broker could drop the next records as duplicates. A record that comes twice is harmless.
 */
export function createTopicProducer(kafka: Kafka, topic: string): TopicProducer {
  let producer: Promise<Producer> | undefined;
  let inFlight = 0;
  let unanswered = 0;

  const connect = async (): Promise<Producer> => {
    const fresh = kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 0 } });
    await fresh.connect();
    return fresh;
  };

  const disconnect = async (): Promise<void> => {
    const current = producer;
    producer = undefined;
    unanswered = 0;
    await current?.then((connected) => connected.disconnect()).catch(() => undefined);
  };

  return {
    async send(partition, records) {
      inFlight++;
      try {
        producer ??= connect();
        const answer = await (await producer).sendBatch(requestOf(topic, partition, records));
        if (!isConfirmed(answer, topic, partition)) throw new Unconfirmed();
        unanswered = 0;
      } catch (error) {
        const wasAnswered = classifyKafkaError(error).type !== undefined && !(error instanceof Unconfirmed);
        unanswered = wasAnswered ? 0 : unanswered + 1;
        throw error;
      } finally {
        inFlight--;
        if (unanswered > 0 && inFlight === 0) await disconnect();
      }
    },
    stop: disconnect,
  };
}

/** Thrown if kafkajs's metadata of the topic is out of date: partitions or their leaders have changed. */
class Unconfirmed extends Error {
  readonly type = 'NOT_LEADER_FOR_PARTITION';

  constructor() {
    super('the answer does not name the partition');
  }
}

/** How long a leader waits for its replicas. Until then it answers nothing else on this connection. */
const replicasWithinMs = 10_000;

function requestOf(topic: string, partition: number, records: readonly Outgoing[]) {
  const messages = records.map(({ key, value, headers }) => ({
    key,
    value,
    partition,
    ...(headers === undefined ? {} : { headers }),
  }));
  return {
    acks: -1,
    timeout: replicasWithinMs,
    compression: CompressionTypes.LZ4,
    topicMessages: [{ topic, messages }],
  };
}

function isConfirmed(answer: readonly RecordMetadata[], topic: string, partition: number): boolean {
  return answer.some(
    (place) => place.topicName === topic && place.partition === partition && place.errorCode === 0,
  );
}
