import type { Cluster, PartitionAssigner } from 'kafkajs';
import kafkajs from 'kafkajs';
import { z } from 'zod';
import { classifyKafkaError } from '../../kafka/kafkaError.ts';
import type { Logger } from '../../log/log.ts';
import type { PartitionsByTopic } from './assignment.ts';
import { assignSticky, type GroupMember } from './stickyAssignment.ts';

/*
 * The group's protocol. Kafka picks one that every member offers. While a member of an older billcast is in
 * the group, which offers round robin only, the group uses that: a rolling upgrade needs nothing more.
 */

/** The partitions of a member when it asks to join. */
export interface Ownership {
  readonly partitions: PartitionsByTopic;
  readonly sinceMs: number;
}

const { AssignerProtocol, PartitionAssigners } = kafkajs;

/** Part of the group's protocol: another name or another format is another protocol. */
const protocolName = 'billcast-sticky';
const version = 0;

export interface StickyAssignerOptions {
  readonly log: Logger;
  /** Called right before each request to join. */
  readonly owned: () => Ownership;
}

/** The assigners that a member offers, the preferred one first. */
export function partitionAssigners(options: StickyAssignerOptions): PartitionAssigner[] {
  return [sticky(options), PartitionAssigners.roundRobin];
}

function sticky({ owned, log }: StickyAssignerOptions): PartitionAssigner {
  return ({ cluster }) => ({
    name: protocolName,
    version,
    protocol: ({ topics }) => ({
      name: protocolName,
      metadata: AssignerProtocol.MemberMetadata.encode({ version, topics, userData: encode(owned()) }),
    }),
    async assign({ members }) {
      const described = members.map(({ memberId, memberMetadata }) => memberOf(memberId, memberMetadata));
      const partitions = await partitionsOf(cluster, topicsOf(described), log);
      return [...assignSticky(described, partitions)].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version,
          assignment,
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });
}

const ownership = z.object({
  partitions: z.record(z.string(), z.array(z.int().nonnegative())),
  sinceMs: z.number(),
});
const nothing: Ownership = { partitions: {}, sinceMs: 0 };

function encode(owned: Ownership): Buffer {
  return Buffer.from(JSON.stringify(owned));
}

/** If the data cannot be read, more partitions move; nothing else is lost. */
function decode(userData: Buffer | null | undefined): Ownership {
  try {
    return ownership.parse(JSON.parse(String(userData)));
  } catch {
    return nothing;
  }
}

function memberOf(id: string, metadata: Buffer): GroupMember {
  const decoded = AssignerProtocol.MemberMetadata.decode(metadata);
  const { partitions, sinceMs } = decode(decoded?.userData);
  return { id, topics: decoded?.topics ?? [], owned: partitions, ownedSinceMs: sinceMs };
}

function topicsOf(members: readonly GroupMember[]): string[] {
  return [...new Set(members.flatMap(({ topics }) => topics))];
}

/** Other members may subscribe to other topics, so we fetch the metadata of those too. */
async function partitionsOf(
  cluster: Cluster,
  topics: readonly string[],
  log: Logger,
): Promise<PartitionsByTopic> {
  try {
    await cluster.addMultipleTargetTopics([...topics]);
  } catch (error) {
    log.warn(
      { topics, fault: classifyKafkaError(error) },
      'topics of other members of the group are unknown',
    );
  }
  return Object.fromEntries(
    topics.map((topic) => [
      topic,
      cluster
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => partitionId)
        .sort((a, b) => a - b),
    ]),
  );
}
