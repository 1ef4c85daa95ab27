import { createRequire } from 'node:module';

/*
 * kafkajs 2.2.4 discards a whole metadata answer if one partition of any topic has no leader. Until it has
 * one, no other partition can be read or written, and no topic can be listed. Here such a partition stays in
 * the answer with leader -1, which no broker has: only this partition waits. kafkajs is pinned to this
 * version, and a test on a real cluster fails if this patch does not work.
 */

/** Kafka's error codes that concern one partition only: no leader, no replica, no listener. */
const waitsAlone = new Set([5, 9, 72]);
const noLeader = 5;

/** Patches kafkajs to keep what is known of the other partitions. May be called again. */
export function keepLeaderlessPartitions(): void {
  if (isPatched) return;
  isPatched = true;
  const load = createRequire(import.meta.url);
  for (const version of metadataVersions) {
    const response: MetadataResponse = load(`kafkajs/src/protocol/requests/metadata/v${version}/response.js`);
    const { parse } = response;
    response.parse = (answer) => parse(withLeaderless(answer));
  }
  const { prototype }: { prototype: OffsetManager } = load('kafkajs/src/consumer/offsetManager/index.js');
  const { resolveOffsets } = prototype;
  prototype.resolveOffsets = function () {
    return resolveLed(this, resolveOffsets);
  };
}

let isPatched = false;
const metadataVersions = [0, 1, 2, 3, 4, 5, 6];

interface MetadataResponse {
  parse(answer: MetadataAnswer): Promise<MetadataAnswer>;
}

interface MetadataAnswer {
  readonly topicMetadata: readonly {
    readonly partitionMetadata: readonly { readonly partitionErrorCode: number; readonly leader: number }[];
  }[];
}

interface OffsetManager {
  memberAssignment: Readonly<Record<string, readonly number[]>>;
  readonly cluster: {
    findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  };
  resolveOffsets(): Promise<void>;
}

/**
 * Asks only for partitions that have a leader: the leader knows where a partition without a commit begins.
 * kafkajs reads the assignment before it awaits anything, so the full assignment can be restored at once.
 */
function resolveLed(manager: OffsetManager, resolveOffsets: () => Promise<void>): Promise<void> {
  const whole = manager.memberAssignment;
  manager.memberAssignment = Object.fromEntries(
    Object.entries(whole).map(([topic, partitions]) => {
      const metadata = manager.cluster.findTopicPartitionMetadata(topic);
      const waits = new Set(metadata.filter(({ leader }) => leader < 0).map((one) => one.partitionId));
      return [topic, partitions.filter((partition) => !waits.has(partition))];
    }),
  );
  const resolved = resolveOffsets.call(manager);
  manager.memberAssignment = whole;
  return resolved;
}

/** Pure: a partition without a leader is no longer an error; its leader is -1. */
export function withLeaderless(answer: MetadataAnswer): MetadataAnswer {
  const topicMetadata = answer.topicMetadata.map((topic) => ({
    ...topic,
    partitionMetadata: topic.partitionMetadata.map((partition) => {
      const { partitionErrorCode, leader } = partition;
      if (!waitsAlone.has(partitionErrorCode)) return partition;
      return { ...partition, partitionErrorCode: 0, leader: partitionErrorCode === noLeader ? -1 : leader };
    }),
  }));
  return { ...answer, topicMetadata };
}
