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
  /** Those that were missing. */
  readonly names: readonly string[];
  /** On how many brokers each of them is. */
  readonly replicas: number;
}

/** One broker may go at any time, and each record is still on two others before it counts as written. */
const wantedReplicas = 3;

/**
 * Makes the topics that are missing, and changes none that is there. With three brokers or more each is on three of
 * them with `min.insync.replicas` 2, with fewer on all there are. Several processes may do so at once.
 * @throws BillcastError KAFKA_FAILED
 */
export async function ensureTopics(options: {
  readonly kafka: Kafka;
  readonly topics: readonly WantedTopic[];
  /** How long brokers that do not answer are asked again; 15 s by default. */
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

/** A topic that is just made may have no leaders for a moment. Who comes next tries again by itself. */
async function untilLed(admin: Admin, names: readonly string[]): Promise<void> {
  for (let look = 0; look < looks; look++) {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
    if (topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
    await sleep(lookEveryMs);
  }
}
