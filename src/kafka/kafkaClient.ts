import type { Admin, Kafka } from 'kafkajs';
import kafkajs from 'kafkajs';
import { BillcastError } from '../errors.ts';
import { sleep } from '../lib/sleep.ts';
import type { Logger } from '../log/log.ts';
import { registerCodecs } from './codecs.ts';
import { type ConnectionSettings, explainConnectionFault } from './connectionFault.ts';
import { classifyKafkaError } from './kafkaError.ts';
import { kafkaLogCreator, kafkaLogLevel } from './kafkaLog.ts';
import { saslOptionsOf } from './kafkaSasl.ts';
import { type KafkaSecurity, noSecurity } from './kafkaSecurity.ts';
import { checkTlsFiles, createSocketFactory, withoutColons } from './kafkaSockets.ts';
import { keepLeaderlessPartitions } from './leaderlessPartitions.ts';
import { silenceNegativeTimeouts } from './silenceTimerWarning.ts';

export type { Kafka } from 'kafkajs';

/**
 * kafkajs as all of billcast uses it: every codec, its log in ours, what fails tried again for about
 * three seconds. One instance a process and no more than one consumer of a group on it: kafkajs keeps the committed offsets of a
 * group in the instance.
 * @throws BillcastError CONFIG_INVALID for a TLS file that cannot be read
 */
export function createKafka(options: {
  brokers: readonly string[];
  clientId: string;
  log: Logger;
  /** TLS and log-in; none by default. */
  security?: KafkaSecurity;
  /** How long a broker may take to answer; 30 s by default. */
  requestTimeoutMs?: number;
}): Kafka {
  registerCodecs();
  keepLeaderlessPartitions();
  silenceNegativeTimeouts();
  const { brokers, security = noSecurity } = options;
  if (security.tls !== undefined) checkTlsFiles(security.tls);
  const kafka = new kafkajs.Kafka({
    brokers: brokers.map(withoutColons),
    clientId: options.clientId,
    socketFactory: createSocketFactory(security.tls),
    ...(security.tls === undefined ? {} : { ssl: true }),
    ...(security.sasl === undefined ? {} : { sasl: saslOptionsOf(security.sasl) }),
    connectionTimeout: 3_000,
    requestTimeout: options.requestTimeoutMs ?? 30_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 },
    logCreator: kafkaLogCreator(options.log),
    logLevel: kafkaLogLevel(options.log),
  });
  connectionsOf.set(kafka, { brokers, security });
  return kafka;
}

/** What each client was made with, to find out what is wrong with it. */
const connectionsOf = new WeakMap<Kafka, ConnectionSettings>();

/** How far a group is behind. */
export interface GroupLag {
  /** Records that the group has not committed, by topic; a partition that it never committed counts from its earliest. */
  readonly byTopic: ReadonlyMap<string, number>;
  /** Topics that do not exist. */
  readonly missing: readonly string[];
}

interface GroupTopics {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
}

/** @throws BillcastError KAFKA_FAILED */
export async function readGroupLag(options: GroupTopics): Promise<GroupLag> {
  return withAdmin(options, 'The lag could not be read from Kafka.', async (admin) => {
    const missing = await findMissing(admin, options.topics);
    const byTopic = new Map<string, number>();
    for (const topic of options.topics.filter((name) => !missing.includes(name))) {
      const positions = await fetchPositions(admin, options.groupId, topic);
      byTopic.set(
        topic,
        positions.reduce((lag, { next, end }) => lag + Number(maxOf(end - next, 0n)), 0),
      );
    }
    return { byTopic, missing };
  });
}

/**
 * The lag of each topic.
 * @throws BillcastError KAFKA_FAILED, also for a topic that does not exist
 */
export async function fetchGroupLag(options: GroupTopics): Promise<ReadonlyMap<string, number>> {
  const { byTopic, missing } = await readGroupLag(options);
  if (missing.length > 0) throw new BillcastError('KAFKA_FAILED', missingText(missing));
  return byTopic;
}

/**
 * Whether the group has consumed, or the topic has dropped, every record that is older than `timestampMs`. Kafka
 * finds the first record that is not older: records behind it count as not older either, so the caller leaves
 * room for producers whose clocks differ.
 * @throws BillcastError KAFKA_FAILED, also for a topic that does not exist
 */
export async function consumedThrough(options: {
  kafka: Kafka;
  groupId: string;
  topic: string;
  timestampMs: number;
}): Promise<boolean> {
  return withAdmin(options, 'Offsets by time could not be read from Kafka.', async (admin) => {
    const { groupId, topic, timestampMs } = options;
    if ((await findMissing(admin, [topic])).length > 0) throw new Error(missingText([topic]));
    const boundaries = await admin.fetchTopicOffsetsByTimestamp(topic, timestampMs);
    const positions = await fetchPositions(admin, groupId, topic);
    const nextOf = new Map(positions.map(({ partition, next }) => [partition, next]));
    return boundaries.every(({ partition, offset }) => (nextOf.get(partition) ?? 0n) >= BigInt(offset));
  });
}

/** To kafkajs a missing topic is one that may yet appear, and worth many tries; a list of all topics tells at once. */
async function findMissing(admin: Admin, topics: readonly string[]): Promise<string[]> {
  const present = new Set(await admin.listTopics());
  return topics.filter((topic) => !present.has(topic));
}

/** What a person does about topics that do not exist. */
export function missingText(missing: readonly string[]): string {
  return `There is no topic ${missing.join(', ')}: check TOPIC_EMAIL, TOPIC_SMS and KAFKA_BROKERS. If that is its name, start a dispatcher: it makes topics that are missing.`;
}

interface PartitionPosition {
  readonly partition: number;
  /** The first offset that the group has still to consume. */
  readonly next: bigint;
  readonly end: bigint;
}

async function fetchPositions(admin: Admin, groupId: string, topic: string): Promise<PartitionPosition[]> {
  const committed = await admin.fetchOffsets({ groupId, topics: [topic] });
  const bounds = await fetchBounds(admin, topic);
  const committedOf = new Map(
    (committed[0]?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)]),
  );
  return bounds.map(({ partition, low, high }) => ({
    partition,
    next: maxOf(committedOf.get(partition) ?? -1n, BigInt(low)),
    end: BigInt(high),
  }));
}

async function fetchBounds(admin: Admin, topic: string) {
  try {
    return await admin.fetchTopicOffsets(topic);
  } catch (cause) {
    if (!(cause instanceof Error) || !cause.message.includes('Broker -1 ')) throw cause;
    throw new Error(`a partition of ${topic} has no leader at the moment`, { cause });
  }
}

function maxOf(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

/** A broker that has just started loads its groups: until then it says that it cannot answer yet. */
const adminPatienceMs = 15_000;
const adminPauseMs = 200;

/** Connects an admin for the work, and tries again while the brokers say that they cannot answer yet. */
export async function withAdmin<T>(
  { kafka, patienceMs = adminPatienceMs }: { kafka: Kafka; patienceMs?: number },
  failure: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await withConnectedAdmin(kafka, work);
    } catch (error) {
      await throwIfSettings(kafka, error);
      if (!classifyKafkaError(error).retriable || performance.now() > giveUpAt) {
        throw new BillcastError('KAFKA_FAILED', `${failure} Check KAFKA_BROKERS and that the topics exist.`, {
          cause: error,
        });
      }
      await sleep(adminPauseMs);
    }
  }
}

/**
 * Takes a step that talks to Kafka.
 * @throws BillcastError KAFKA_SETTINGS if it fails and waiting cannot mend that; else what the step threw
 */
export async function explained<T>(kafka: Kafka, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    await throwIfSettings(kafka, error);
    throw error;
  }
}

/** @throws BillcastError KAFKA_SETTINGS if waiting cannot mend it */
async function throwIfSettings(kafka: Kafka, error: unknown): Promise<void> {
  const connection = connectionsOf.get(kafka);
  const why = connection && (await explainConnectionFault(error, connection));
  if (why !== undefined) throw new BillcastError('KAFKA_SETTINGS', why, { cause: error });
}

async function withConnectedAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
