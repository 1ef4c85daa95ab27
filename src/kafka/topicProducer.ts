import { CompressionTypes, type Kafka, type Producer, type RecordMetadata } from 'kafkajs';
import { classifyKafkaError } from './kafkaError.ts';
import type { Outgoing } from './outgoing.ts';

/** Writes to one topic. */
export interface TopicProducer {
  /**
   * One request to one partition. Resolves when all in-sync replicas have all records.
   * @throws if they may not have them; the same records may then be sent again
   */
  send(partition: number, records: readonly Outgoing[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A producer per topic: kafkajs asks for the metadata of all topics of a producer at once, so one that is missing
 * would hold up the others.
 *
 * kafkajs gets one try per request and one partition per request, for two reasons. Over its own retries it forgets
 * partitions whose leader moved to a broker that had answered already (tulios/kafkajs#1303), and resolves although
 * their records are in no log. And of a request whose answer names an error it does not say which partitions were
 * written. The producer is not idempotent: kafkajs counts a lost request's sequence numbers back, and the next
 * records under the same numbers would be taken for the lost ones and dropped. A record that comes twice is harmless.
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

/** What kafkajs knows of the topic is old: its partitions are others now, or led by others. */
class Unconfirmed extends Error {
  readonly type = 'NOT_LEADER_FOR_PARTITION';

  constructor() {
    super('the answer does not name the partition');
  }
}

/** How long a leader waits for its replicas. Meanwhile it answers nothing else on this connection. */
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
