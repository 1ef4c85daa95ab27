import kafkajs from 'kafkajs';
import { type Kafka, withAdmin } from './kafka.ts';

/** A topic as the brokers have it. */
export interface TopicFacts {
  readonly partitions: number;
  /** The largest batch of records that it takes. */
  readonly maxMessageBytes: number;
  /** -1: for ever. */
  readonly retentionMs: number;
}

/**
 * Reads those of the topics that exist, by name.
 * @throws BillcastError KAFKA_FAILED
 */
export const readTopicFacts = async (options: {
  kafka: Kafka;
  topics: readonly string[];
}): Promise<Map<string, TopicFacts>> =>
  withAdmin(options, 'Kafka does not answer.', async (admin) => {
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
          maxMessageBytes: configOf(name, 'max.message.bytes'),
          retentionMs: configOf(name, 'retention.ms'),
        },
      ]),
    );
  });
