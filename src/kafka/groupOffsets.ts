import type { Admin, Kafka } from 'kafkajs';
import { BillcastError } from '../errors.ts';
import { withAdmin } from './kafkaAdmin.ts';

/** How far a group lags behind. */
export interface GroupLag {
  /**
   * Records that the group has not committed, by topic. A partition without a commit counts from its first
   * record.
   */
  readonly byTopic: ReadonlyMap<string, number>;
  readonly partitions: readonly PartitionLag[];
  /** Topics that do not exist. */
  readonly missing: readonly string[];
}

/** How far a group lags behind in one partition. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** The first offset that the group has still to consume. */
  readonly next: bigint;
  /** The offset of the next record. */
  readonly end: bigint;
  readonly lag: number;
}

interface GroupTopics {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** How long to retry if the brokers do not answer; 15 s by default. */
  readonly patienceMs?: number;
}

/**
 * The lag of the topics that exist.
 * @throws BillcastError KAFKA_FAILED
 */
export async function readGroupLag(options: GroupTopics): Promise<GroupLag> {
  return withAdmin(options, 'The lag could not be read from Kafka.', async (admin) => {
    const missing = await findMissing(admin, options.topics);
    const byTopic = new Map<string, number>();
    const partitions: PartitionLag[] = [];
    for (const topic of options.topics.filter((name) => !missing.includes(name))) {
      const positions = await fetchPositions(admin, options.groupId, topic);
      const lags = positions.map((one) => ({ topic, ...one, lag: Number(maxOf(one.end - one.next, 0n)) }));
      byTopic.set(
        topic,
        lags.reduce((sum, { lag }) => sum + lag, 0),
      );
      partitions.push(...lags);
    }
    return { byTopic, partitions, missing };
  });
}

/**
 * The lag of each topic.
 * @throws BillcastError KAFKA_FAILED, also if a topic does not exist
 */
export async function fetchGroupLag(options: GroupTopics): Promise<ReadonlyMap<string, number>> {
  const { byTopic, missing } = await readGroupLag(options);
  if (missing.length > 0) throw new BillcastError('KAFKA_FAILED', missingText(missing));
  return byTopic;
}

/**
 * Whether the group has consumed, or the topic has dropped, every record older than `timestampMs`. Kafka
 * finds the first record that is not older, and all records behind it count as not older either. So the
 * caller must leave room for producers whose clocks differ.
 * @throws BillcastError KAFKA_FAILED, also if the topic does not exist
 */
export async function consumedThrough(options: {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topic: string;
  readonly timestampMs: number;
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

/** Lists all topics: if asked for a missing one, kafkajs retries many times, because it may yet appear. */
async function findMissing(admin: Admin, topics: readonly string[]): Promise<string[]> {
  const present = new Set(await admin.listTopics());
  return topics.filter((topic) => !present.has(topic));
}

/** What to do about topics that do not exist. */
export function missingText(missing: readonly string[]): string {
  return (
    `There is no topic ${missing.join(', ')}: check TOPIC_... and KAFKA_BROKERS. If ` +
    'the names are right, start a dispatcher: it creates missing topics.'
  );
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
