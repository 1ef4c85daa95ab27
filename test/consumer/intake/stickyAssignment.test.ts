import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { PartitionsByTopic } from '../../../src/consumer/intake/assignment.ts';
import { assignSticky, type GroupMember } from '../../../src/consumer/intake/stickyAssignment.ts';

const topics = ['mail', 'sms', 'push'];

function partitionsOf(counts: Readonly<Record<string, number>>): PartitionsByTopic {
  return Object.fromEntries(
    Object.entries(counts).map(([topic, count]) => [topic, Array.from({ length: count }, (_, at) => at)]),
  );
}

function member(id: string, changes: Partial<GroupMember> = {}): GroupMember {
  return {
    id,
    topics,
    owned: {},
    ownedSinceMs: 0,
    ...changes,
  };
}

/**
 * Claims of partitions that may not exist, of topics that it may not subscribe to, of what another claims.
 */
const anyOwned = fc.dictionary(
  fc.constantFrom(...topics, 'gone'),
  fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 12 }),
);
const anyMembers = fc
  .uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 4 }),
      topics: fc.subarray(topics),
      owned: anyOwned,
      ownedSinceMs: fc.integer({ min: 0, max: 5 }),
    }),
    { minLength: 1, maxLength: 7, selector: ({ id }) => id },
  )
  .map((members): readonly GroupMember[] => members);
const anyPartitions = fc
  .record({ mail: fc.nat({ max: 20 }), sms: fc.nat({ max: 20 }), push: fc.nat({ max: 20 }) })
  .map(partitionsOf);

type Assigned = ReturnType<typeof assignSticky>;

function countOf(assigned: Assigned, id: string, topic: string): number {
  return assigned.get(id)?.[topic]?.length ?? 0;
}

function sumOf(assigned: Assigned, id: string): number {
  return topics.reduce((sum, topic) => sum + countOf(assigned, id, topic), 0);
}

function spread(counts: readonly number[]): number {
  return counts.length === 0 ? 0 : Math.max(...counts) - Math.min(...counts);
}

/** Who asks to join again with what it was given. */
function after(members: readonly GroupMember[], assigned: Assigned, ownedSinceMs = 9): GroupMember[] {
  return members.map((one) => ({ ...one, owned: assigned.get(one.id) ?? {}, ownedSinceMs }));
}

function moved(before: readonly GroupMember[], assigned: Assigned): number {
  return before.reduce(
    (sum, { id, owned }) =>
      sum +
      Object.entries(owned).reduce(
        (lost, [topic, partitions]) =>
          lost + partitions.filter((partition) => !assigned.get(id)?.[topic]?.includes(partition)).length,
        0,
      ),
    0,
  );
}

describe('the shares of a group', () => {
  it('give every partition to one member that subscribes to its topic, and no other', () => {
    fc.assert(
      fc.property(anyMembers, anyPartitions, (members, partitions) => {
        const assigned = assignSticky(members, partitions);
        assert.deepEqual([...assigned.keys()].sort(), members.map(({ id }) => id).sort());
        for (const topic of topics) {
          const given = [...assigned.values()].flatMap((own) => own[topic] ?? []);
          const subscribed = members.some((one) => one.topics.includes(topic));
          assert.deepEqual(
            given.sort((a, b) => a - b),
            subscribed ? partitions[topic] : [],
          );
        }
        for (const { id, topics: own } of members) {
          assert.ok(Object.keys(assigned.get(id) ?? {}).every((topic) => own.includes(topic)));
        }
      }),
    );
  });

  it('differ by one at most in each topic, and in total if all subscribe to the same topics', () => {
    fc.assert(
      fc.property(anyMembers, anyPartitions, (members, partitions) => {
        const assigned = assignSticky(members, partitions);
        for (const topic of topics) {
          const subscribers = members.filter((one) => one.topics.includes(topic));
          assert.ok(spread(subscribers.map(({ id }) => countOf(assigned, id, topic))) <= 1, topic);
        }
        const alike = members.map((one) => ({ ...one, topics }));
        const even = assignSticky(alike, partitions);
        assert.ok(spread(alike.map(({ id }) => sumOf(even, id))) <= 1);
      }),
    );
  });

  it('do not depend on the order of members, topics or partitions', () => {
    fc.assert(
      fc.property(anyMembers, anyPartitions, (members, partitions) => {
        const turned = Object.fromEntries(Object.entries(partitions).reverse());
        const here = assignSticky(members, partitions);
        const there = assignSticky(members.toReversed(), turned);
        for (const { id } of members) assert.deepEqual(here.get(id), there.get(id));
      }),
    );
  });

  it('stay as they are when nothing has changed', () => {
    fc.assert(
      fc.property(anyMembers, anyPartitions, (members, partitions) => {
        const first = assignSticky(members, partitions);
        assert.equal(moved(after(members, first), assignSticky(after(members, first), partitions)), 0);
      }),
    );
  });

  it('leave each member what fits into its share of a topic', () => {
    fc.assert(
      fc.property(anyMembers, anyPartitions, anyPartitions, (members, partitions, before) => {
        const owned = after(members, assignSticky(members, before));
        const assigned = assignSticky(owned, partitions);
        for (const { id, topics: own, owned: had } of owned) {
          for (const topic of own) {
            const there = (had[topic] ?? []).filter((partition) => partitions[topic]?.includes(partition));
            const kept = there.filter((partition) => assigned.get(id)?.[topic]?.includes(partition));
            assert.equal(kept.length, Math.min(there.length, countOf(assigned, id, topic)));
          }
        }
      }),
    );
  });

  it('move nothing of those who stay when one leaves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 7 }), fc.nat({ max: 24 }), fc.nat(), (size, count, pick) => {
        const partitions = partitionsOf({ mail: count });
        const members = Array.from({ length: size }, (_, at) => member(`m${at}`));
        const settled = after(members, assignSticky(members, partitions));
        const staying = settled.filter((_, at) => at !== pick % size);
        assert.equal(moved(staying, assignSticky(staying, partitions)), 0);
      }),
    );
  });

  it('move only the share of the one that comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.nat({ max: 24 }), (size, count) => {
        const partitions = partitionsOf({ mail: count });
        const members = Array.from({ length: size }, (_, at) => member(`m${at}`));
        const settled = after(members, assignSticky(members, partitions));
        const assigned = assignSticky([...settled, member('new')], partitions);
        assert.equal(moved(settled, assigned), countOf(assigned, 'new', 'mail'));
      }),
    );
  });

  it('believe the later of two who claim the same', () => {
    const partitions = partitionsOf({ mail: 4 });
    const sleeper = member('a', { owned: { mail: [0, 1] }, ownedSinceMs: 1 });
    const awake = member('b', { owned: { mail: [0, 1] }, ownedSinceMs: 2 });
    assert.deepEqual(assignSticky([sleeper, awake], partitions).get('b'), { mail: [0, 1] });
  });

  it('spread topics of one partition over the members', () => {
    const alone = member('a', { owned: { mail: [0], sms: [0], push: [0] } });
    const assigned = assignSticky([alone, member('b')], partitionsOf({ mail: 1, sms: 1, push: 1 }));
    assert.deepEqual([sumOf(assigned, 'a'), sumOf(assigned, 'b')], [2, 1]);
  });
});
