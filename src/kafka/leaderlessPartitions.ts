import { createRequire } from 'node:module';

/*
 * kafkajs 2.2.4 throws a whole metadata answer away if one partition in it has no leader, of whatever topic: then no
 * other partition can be read or written, and no topic can be listed, for as long as that takes. Here such a partition
 * stays in the answer with the leader -1, which no broker has: it alone waits. kafkajs is pinned to this version, and a
 * test on a real cluster fails if this does not hold.
 */

/** Kafka's error codes of one partition that leave the rest of the answer true: no leader, no replica, no listener. */
const waitsAlone = new Set([5, 9, 72]);
const noLeader = 5;

/** Teaches kafkajs to keep what is known of the other partitions. May be called again. */
export function keepLeaderlessPartitions(): void {
  if (taught) return;
  taught = true;
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

let taught = false;
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
 * Where a partition begins that the group never committed, its leader tells: one without a leader is asked for later.
 * kafkajs reads the assignment before it waits for anything, so the whole one is back at once.
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

/** Pure: such a partition is no error any more; who asks for its leader finds -1. */
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
