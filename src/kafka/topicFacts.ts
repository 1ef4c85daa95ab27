import kafkajs from 'kafkajs';
import { withAdmin } from './kafkaAdmin.ts';
import type { Kafka } from './kafkaClient.ts';

/** A topic as the brokers describe it. */
export interface TopicFacts {
  readonly partitions: number;
  /** The number of replicas of the partition that has the fewest. */
  readonly replicas: number;
  /** How many replicas must have a record before it counts as written. */
  readonly minInSync: number;
  /** Partitions without a leader: they cannot be read or written. */
  readonly leaderless: readonly number[];
  /** The largest record batch that it takes. */
  readonly maxMessageBytes: number;
  /** -1: records are kept for ever. */
  readonly retentionMs: number;
}

/**
 * The facts of the topics that exist, by name.
 * @throws BillcastError KAFKA_FAILED
 */
export async function readTopicFacts(options: {
  readonly kafka: Kafka;
  readonly topics: readonly string[];
}): Promise<Map<string, TopicFacts>> {
  return withAdmin(options, 'Kafka does not answer.', async (admin) => {
    const all = new Set(await admin.listTopics());
    const present = options.topics.filter((topic) => all.has(topic));
    if (present.length === 0) return new Map();
    const { topics } = await admin.fetchTopicMetadata({ topics: present });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: present.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
    });
    const configOf = (topic: string, name: string): number => {
      const entries = resources.find(({ resourceName }) => resourceName === topic)?.configEntries;
      return Number(entries?.find(({ configName }) => configName === name)?.configValue);
    };
    return new Map(
      topics.map(({ name, partitions }) => [
        name,
        {
          partitions: partitions.length,
          replicas: Math.min(...partitions.map((one) => one.replicas.length)),
          minInSync: configOf(name, 'min.insync.replicas'),
          leaderless: partitions.filter(({ leader }) => leader < 0).map((one) => one.partitionId),
          maxMessageBytes: configOf(name, 'max.message.bytes'),
          retentionMs: configOf(name, 'retention.ms'),
        },
      ]),
    );
  });
}

/** How many brokers are up. */
export async function countBrokers(kafka: Kafka): Promise<number> {
  return withAdmin({ kafka }, 'Kafka does not answer.', async (admin) => {
    const { brokers } = await admin.describeCluster();
    return brokers.length;
  });
}
