import type { Admin, Kafka } from 'kafkajs';
import { sleep } from '../lib/sleep.ts';
import { withAdmin } from './kafkaAdmin.ts';

export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly configEntries?: readonly TopicSetting[];
}

interface TopicSetting {
  readonly name: string;
  readonly value: string;
}

export interface MadeTopics {
  /** The topics that were missing. */
  readonly names: readonly string[];
  /** The number of brokers that hold each of them. */
  readonly replicas: number;
}

/** One broker may fail at any time, and each record is then still on two others. */
const wantedReplicas = 3;

/**
 * Creates the topics that are missing, and changes none that exists. With three or more brokers each topic is
 * on three of them with `min.insync.replicas` 2; with fewer, on all. Several processes may do this at once.
 * @throws BillcastError KAFKA_FAILED
 */
export async function ensureTopics(options: {
  readonly kafka: Kafka;
  readonly topics: readonly WantedTopic[];
  /** How long to retry if the brokers do not answer; 15 s by default. */
  readonly patienceMs?: number;
}): Promise<MadeTopics> {
  return withAdmin(options, 'Kafka topics could not be created.', async (admin) => {
    const present = new Set(await admin.listTopics());
    const missing = options.topics.filter(({ name }) => !present.has(name));
    if (missing.length === 0) return { names: [], replicas: 0 };
    const { brokers } = await admin.describeCluster();
    const replicas = Math.min(wantedReplicas, brokers.length);
    const topics = missing.map((topic) => topicOf(topic, replicas));
    await admin.createTopics({ topics, waitForLeaders: true });
    const names = missing.map(({ name }) => name);
    await untilLed(admin, names);
    return { names, replicas };
  });
}

function topicOf({ name, partitions, configEntries = [] }: WantedTopic, replicas: number) {
  const durable = replicas < wantedReplicas ? [] : [{ name: 'min.insync.replicas', value: '2' }];
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor: replicas,
    configEntries: [...durable, ...configEntries],
  };
}

const looks = 50;
const lookEveryMs = 100;

/** A new topic may have no leaders for a moment. If that takes longer, its users retry anyway. */
async function untilLed(admin: Admin, names: readonly string[]): Promise<void> {
  for (let look = 0; look < looks; look++) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
    if (topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
    await sleep(lookEveryMs);
  }
}
