import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import kafkajs from 'kafkajs';
import { BillcastError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { silenceNegativeTimeouts } from '../nodeWarnings.ts';
import { registerCodecs } from './codecs.ts';
import { faultOf } from './faults.ts';
import { kafkaLogCreator, kafkaLogLevel } from './kafkaLog.ts';

export type { Kafka } from 'kafkajs';

/**
 * kafkajs as all of billcast uses it: every codec, its log in ours, what fails tried again for about
 * three seconds. One instance a process and no more than one consumer of a group on it: kafkajs keeps the committed offsets of a
 * group in the instance.
 */
export const createKafka = (options: {
  brokers: readonly string[];
  clientId: string;
  log: Logger;
}): Kafka => {
  registerCodecs();
  silenceNegativeTimeouts();
  return new kafkajs.Kafka({
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    logCreator: kafkaLogCreator(options.log),
    logLevel: kafkaLogLevel(options.log),
  });
};

export interface WantedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly configEntries?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Creates the topics that are missing, with the brokers' default replication, and changes none that is there.
 * Several processes may do so at once.
 * @returns the names that were missing
 * @throws BillcastError KAFKA_FAILED
 */
export const ensureTopics = async (options: {
  kafka: Kafka;
  topics: readonly WantedTopic[];
  /** How long brokers that do not answer are asked again; 15 s by default. */
  patienceMs?: number;
}): Promise<string[]> =>
  withAdmin(options, 'Kafka topics could not be created.', async (admin) => {
    const present = new Set(await admin.listTopics());
    const missing = options.topics.filter(({ name }) => !present.has(name));
    if (missing.length > 0) await admin.createTopics({ topics: missing.map(topicOf), waitForLeaders: true });
    return missing.map(({ name }) => name);
  });

/**
 * The largest batch of records that each topic takes, in bytes, by its `max.message.bytes`.
 * @throws BillcastError KAFKA_FAILED, also where the cluster does not let us read it
 */
export const fetchLargestBatchBytes = async (options: {
  kafka: Kafka;
  topics: readonly string[];
}): Promise<Map<string, number>> =>
  withAdmin(options, 'The settings of topics could not be read from Kafka.', async (admin) => {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: options.topics.map((name) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name,
        configNames: ['max.message.bytes'],
      })),
    });
    return new Map(
      resources.map(({ resourceName, configEntries }) => [
        resourceName,
        Number(configEntries[0]?.configValue),
      ]),
    );
  });

/**
 * How many records of each topic the group has not committed. A partition that it never committed counts from its
 * earliest record.
 * @throws BillcastError KAFKA_FAILED, also for a topic that does not exist
 */
export const fetchGroupLag = async (options: {
  kafka: Kafka;
  groupId: string;
  topics: readonly string[];
}): Promise<Map<string, number>> =>
  withAdmin(options, 'The lag could not be read from Kafka.', async (admin) => {
    await requireTopics(admin, options.topics);
    const lagByTopic = new Map<string, number>();
    for (const topic of options.topics) {
      const positions = await fetchPositions(admin, options.groupId, topic);
      lagByTopic.set(
        topic,
        positions.reduce((lag, { next, end }) => lag + Number(maxOf(end - next, 0n)), 0),
      );
    }
    return lagByTopic;
  });

/**
 * Whether the group has consumed, or the topic has dropped, every record that is older than `timestampMs`. Kafka
 * finds the first record that is not older: records behind it count as not older either, so the caller leaves
 * room for producers whose clocks differ.
 * @throws BillcastError KAFKA_FAILED, also for a topic that does not exist
 */
export const consumedThrough = async (options: {
  kafka: Kafka;
  groupId: string;
  topic: string;
  timestampMs: number;
}): Promise<boolean> =>
  withAdmin(options, 'Offsets by time could not be read from Kafka.', async (admin) => {
    const { groupId, topic, timestampMs } = options;
    await requireTopics(admin, [topic]);
    const boundaries = await admin.fetchTopicOffsetsByTimestamp(topic, timestampMs);
    const positions = await fetchPositions(admin, groupId, topic);
    const nextOf = new Map(positions.map(({ partition, next }) => [partition, next]));
    return boundaries.every(({ partition, offset }) => (nextOf.get(partition) ?? 0n) >= BigInt(offset));
  });

const topicOf = ({ name, partitions, configEntries }: WantedTopic) => ({
  topic: name,
  numPartitions: partitions,
  ...(configEntries === undefined ? {} : { configEntries: [...configEntries] }),
});

/** To kafkajs a missing topic is one that may yet appear, and worth many tries; a list of all topics tells at once. */
const requireTopics = async (admin: Admin, topics: readonly string[]): Promise<void> => {
  const present = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !present.has(topic));
  if (missing.length > 0) throw new Error(`no such topic: ${missing.join(', ')}`);
};

interface PartitionPosition {
  readonly partition: number;
  /** The first offset that the group has still to consume. */
  readonly next: bigint;
  readonly end: bigint;
}

const fetchPositions = async (admin: Admin, groupId: string, topic: string): Promise<PartitionPosition[]> => {
  const committed = await admin.fetchOffsets({ groupId, topics: [topic] });
  const bounds = await admin.fetchTopicOffsets(topic);
  const committedOf = new Map(
    (committed[0]?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)]),
  );
  return bounds.map(({ partition, low, high }) => ({
    partition,
    next: maxOf(committedOf.get(partition) ?? -1n, BigInt(low)),
    end: BigInt(high),
  }));
};

const maxOf = (left: bigint, right: bigint): bigint => (left > right ? left : right);

/** A broker that has just started loads its groups: until then it says that it cannot answer yet. */
const adminPatienceMs = 15_000;
const adminPauseMs = 200;

/** Connects an admin for the work, and tries again while the brokers say that they cannot answer yet. */
export const withAdmin = async <T>(
  { kafka, patienceMs = adminPatienceMs }: { kafka: Kafka; patienceMs?: number },
  failure: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> => {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await withConnectedAdmin(kafka, work);
    } catch (error) {
      if (!faultOf(error).retriable || performance.now() > giveUpAt)
        throw new BillcastError('KAFKA_FAILED', `${failure} Check KAFKA_BROKERS and that the topics exist.`, {
          cause: error,
        });
      await sleep(adminPauseMs);
    }
  }
};

const withConnectedAdmin = async <T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};
