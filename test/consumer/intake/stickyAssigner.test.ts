import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import kafkajs from 'kafkajs';
import { eventually } from '../../support/eventually.ts';
import { KafkaFixture } from './kafkaFixture.ts';

const { AssignerProtocol } = kafkajs;

/** Which member has which partitions, as the coordinator says, and the group's protocol. */
async function describeGroup({ admin, groupId }: KafkaFixture, topic: string) {
  const { groups } = await admin.describeGroups([groupId]);
  const [group] = groups;
  const owners = new Map<number, string>();
  for (const { memberId, memberAssignment } of group?.members ?? []) {
    const decoded =
      memberAssignment.length === 0 ? null : AssignerProtocol.MemberAssignment.decode(memberAssignment);
    for (const partition of decoded?.assignment[topic] ?? []) owners.set(partition, memberId);
  }
  return { owners, protocol: group?.protocol, state: group?.state };
}

async function open(t: TestContext, partitions: number) {
  const fixture = await KafkaFixture.open(t);
  const topic = await fixture.createTopic(partitions);
  const join = async () => {
    const consumer = fixture.consumer({
      topics: [topic],
      onRecords: () => undefined,
      sessionTimeoutMs: 6_000,
    });
    await consumer.start();
    return consumer;
  };
  const settled = async (shares: readonly number[]) => {
    let seen = await describeGroup(fixture, topic);
    await eventually(async () => {
      seen = await describeGroup(fixture, topic);
      const counts = Map.groupBy(seen.owners.values(), (owner) => owner);
      const found = [...counts.values()].map((owned) => owned.length).sort();
      return seen.state === 'Stable' && `${found}` === `${shares}`;
    });
    return seen;
  };
  return { fixture, topic, join, settled };
}

function movedBetween(before: ReadonlyMap<number, string>, after: ReadonlyMap<number, string>): number {
  return [...before].filter(([partition, owner]) => after.get(partition) !== owner).length;
}

describe('a rebalance', () => {
  it('moves what the one that comes gets, and what the one that goes had, and nothing else', async (t) => {
    const { join, settled } = await open(t, 9);
    await join();
    const second = await join();
    await join();
    const three = await settled([3, 3, 3]);
    assert.equal(three.protocol, 'billcast-sticky');
    await join();
    const four = await settled([2, 2, 2, 3]);
    assert.equal(movedBetween(three.owners, four.owners), 2);
    await second.stop();
    const again = await settled([3, 3, 3]);
    const gone = [...new Set(four.owners.values())].filter(
      (owner) => ![...again.owners.values()].includes(owner),
    );
    assert.equal(gone.length, 1);
    const itsShare = [...four.owners.values()].filter((owner) => owner === gone[0]).length;
    assert.equal(movedBetween(four.owners, again.owners), itsShare);
  });

  it('works beside members of an older billcast, and is sticky once they are gone', async (t) => {
    const { fixture, topic, join, settled } = await open(t, 4);
    const old = fixture.connectKafka().consumer({ groupId: fixture.groupId, sessionTimeout: 6_000 });
    await old.connect();
    t.after(() => old.disconnect());
    await old.subscribe({ topic });
    await old.run({ eachBatch: async () => undefined });
    await join();
    assert.equal((await settled([2, 2])).protocol, 'RoundRobinAssigner');
    await join();
    await settled([1, 1, 2]);
    await old.disconnect();
    assert.equal((await settled([2, 2])).protocol, 'billcast-sticky');
  });
});
