import type { PartitionsByTopic } from './assignment.ts';

/*
 * Assigns partitions so that a rebalance moves only what must move. Each topic is divided separately: one
 * topic carries nearly all the load, and a balance of the sums alone could give all of it to one member.
 *
 * - Every subscriber gets the same number of each topic's partitions, or one more.
 * - The members with fewer partitions of the earlier topics get the extra ones, so that the sums are even
 *   too. If they have equally many, those that own more of this topic get them.
 * - A member gives up a partition only if its share is smaller. So a second round moves nothing.
 * - The clocks of hosts matter only if two members claim the same partition.
 */

/** A member of the group, as its request to join describes it. */
export interface GroupMember {
  readonly id: string;
  readonly topics: readonly string[];
  /** What it owned before this join. */
  readonly owned: PartitionsByTopic;
  /**
   * Since when, by its own clock. A member that missed a rebalance claims partitions that another one owns
   * now.
   */
  readonly ownedSinceMs: number;
}

/** Pure: divides the partitions of all topics among the members that subscribe to them. */
export function assignSticky(
  members: readonly GroupMember[],
  partitions: PartitionsByTopic,
): Map<string, Record<string, number[]>> {
  const sorted = members.toSorted((a, b) => compare(a.id, b.id));
  const assigned = new Map(sorted.map(({ id }) => [id, {} as Record<string, number[]>]));
  const sums = new Map(sorted.map(({ id }) => [id, 0]));
  for (const topic of Object.keys(partitions).sort(compare)) {
    const subscribers = sorted.filter(({ topics }) => topics.includes(topic));
    const shares = shareTopic({ topic, partitions: partitions[topic] ?? [], subscribers, sums });
    for (const [id, share] of shares) {
      sums.set(id, (sums.get(id) ?? 0) + share.length);
      const own = assigned.get(id);
      if (own !== undefined && share.length > 0) own[topic] = share;
    }
  }
  return assigned;
}

interface TopicShares {
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly subscribers: readonly GroupMember[];
  /** The number of partitions that each member has of the earlier topics. */
  readonly sums: ReadonlyMap<string, number>;
}

function shareTopic({ topic, partitions, subscribers, sums }: TopicShares): Map<string, number[]> {
  const claims = claimsOf(topic, subscribers);
  const isOwner = (partition: number, { id }: GroupMember) => claims.get(partition)?.id === id;
  const ownedBy = new Map(
    subscribers.map((member) => [member.id, partitions.filter((partition) => isOwner(partition, member))]),
  );
  const countOwned = ({ id }: GroupMember): number => ownedBy.get(id)?.length ?? 0;
  const sumOf = ({ id }: GroupMember): number => sums.get(id) ?? 0;
  const least = Math.floor(partitions.length / subscribers.length);
  const getOneMore = subscribers
    .toSorted((a, b) => sumOf(a) - sumOf(b) || countOwned(b) - countOwned(a))
    .slice(0, partitions.length - least * subscribers.length);
  const quotaOf = (member: GroupMember): number => least + (getOneMore.includes(member) ? 1 : 0);
  const shares = new Map(
    subscribers.map((member) => [member.id, (ownedBy.get(member.id) ?? []).slice(0, quotaOf(member))]),
  );
  const kept = new Set([...shares.values()].flat());
  const free = partitions.filter((partition) => !kept.has(partition));
  for (const member of subscribers) {
    const share = shares.get(member.id) ?? [];
    share.push(...free.splice(0, quotaOf(member) - share.length));
    share.sort((a, b) => a - b);
  }
  return shares;
}

/** The owner of each partition: if two members claim it, the one that got it later. */
function claimsOf(topic: string, members: readonly GroupMember[]): Map<number, GroupMember> {
  const claims = new Map<number, GroupMember>();
  for (const member of members) {
    for (const partition of member.owned[topic] ?? []) {
      const other = claims.get(partition);
      if (other === undefined || member.ownedSinceMs > other.ownedSinceMs) claims.set(partition, member);
    }
  }
  return claims;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
