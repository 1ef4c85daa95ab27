import type { Admin, Kafka } from 'kafkajs';
import { classifyKafkaError } from './kafkaError.ts';

/** A topic's partitions by number, as the brokers see them. */
export type Partitions = readonly { readonly partition: number; readonly hasLeader: boolean }[];

/** Knows the partitions of topics. */
export interface TopicMap {
  /**
   * The partitions, at most some seconds old. Waits for the brokers only if nothing is known of the topic.
   * @throws the brokers' error, for example that the topic does not exist
   */
  partitionsOf(topic: string): Promise<Partitions>;
  stop(): Promise<void>;
}

interface Known {
  readonly partitions: Partitions;
  readonly askedAt: number;
}

/** Partitions may be added at any time, and leaders change. */
const knownForMs = 5_000;

export function createTopicMap(kafka: Kafka): TopicMap {
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<Partitions>>();
  let admin: Promise<Admin> | undefined;

  const connect = async (): Promise<Admin> => {
    const fresh = kafka.admin({ retry: { retries: 1 } });
    await fresh.connect();
    return fresh;
  };

  const disconnect = async (): Promise<void> => {
    const current = admin;
    admin = undefined;
    await current?.then((connected) => connected.disconnect()).catch(() => undefined);
  };

  const askBrokers = async (topic: string): Promise<Partitions> => {
    const askedAt = performance.now();
    try {
      admin ??= connect();
      const { topics } = await (await admin).fetchTopicMetadata({ topics: [topic] });
      const partitions = (topics[0]?.partitions ?? [])
        .map(({ partitionId, leader }) => ({ partition: partitionId, hasLeader: leader >= 0 }))
        .sort((left, right) => left.partition - right.partition);
      known.set(topic, { partitions, askedAt });
      return partitions;
    } catch (error) {
      known.delete(topic);
      // Others may use the same connection: it is closed only if the broker does not answer.
      if (classifyKafkaError(error).type === undefined) await disconnect();
      throw error;
    } finally {
      asking.delete(topic);
    }
  };

  const ask = (topic: string): Promise<Partitions> => {
    const asked = asking.get(topic) ?? askBrokers(topic);
    asking.set(topic, asked);
    return asked;
  };

  return {
    async partitionsOf(topic) {
      const last = known.get(topic);
      if (last === undefined) return ask(topic);
      if (performance.now() - last.askedAt > knownForMs) ask(topic).catch(() => undefined);
      return last.partitions;
    },
    stop: disconnect,
  };
}
