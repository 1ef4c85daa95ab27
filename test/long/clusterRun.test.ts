import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ownTopics } from '../../src/config/billTopics.ts';
import { OwnCluster } from '../support/ownCluster.ts';
import { createTestSystem, isFinished, type TestSystem } from '../support/testSystem.ts';

const groupsTopic = '__consumer_offsets';
const patienceMs = 120_000;

/** Java's `String.hashCode`, by which Kafka spreads groups over the partitions of its topic. */
function hashOf(text: string): number {
  return [...text].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 0);
}

/** The broker that coordinates the group: it leads the group's partition. */
async function coordinatorOf(cluster: OwnCluster, groupId: string): Promise<number> {
  const places = await cluster.places(groupsTopic);
  const partition = (hashOf(groupId) & 0x7fffffff) % places.length;
  return cluster.leader(groupsTopic, partition);
}

describe('bills on three brokers', () => {
  let cluster: OwnCluster;
  let system: TestSystem;
  before(async () => {
    cluster = await OwnCluster.start();
    system = await createTestSystem({
      KAFKA_BROKERS: cluster.addresses,
      SIMULATED_REFUSAL_RATE: '0.05',
      MAX_IN_FLIGHT: '300',
      ORPHAN_AFTER_MS: '15000',
    });
  });
  after(async () => {
    await system.destroy();
    await cluster.remove();
  });

  const assertAllDone = async (bills: number): Promise<void> => {
    await system.until('all bills are finished', isFinished, patienceMs);
    await system.until('the lag is 0', async () => (await system.lag()) === 0, patienceMs);
    const states = await system.states();
    assert.equal(states.total, bills);
    assert.equal(states.deadLetters, states.failed);
    const letters = await system.deadLetters(states.failed);
    assert.equal(new Set(letters.map((letter) => letter.split(' ')[0])).size, states.failed);
    const { lost, duplicated, inDoubt } = await system.verdict();
    assert.deepEqual({ lost, duplicated, inDoubt }, { lost: 0, duplicated: 0, inDoubt: 0 });
  };

  it('all go out once while the coordinator is killed, and then each other broker is restarted', async () => {
    await system.publish(1_000);
    const dispatchers = [await system.startDispatcher(), await system.startDispatcher()];
    await system.until('some are delivered', ({ delivered }) => delivered >= 300, patienceMs);
    const coordinator = await coordinatorOf(cluster, system.config.kafka.groupId);
    await cluster.kill(coordinator);
    await system.publish(1_000);
    await system.until('others go out without it', ({ delivered }) => delivered >= 1_200, patienceMs);
    await cluster.start(coordinator);
    for (const broker of [1, 2, 3].filter((one) => one !== coordinator)) {
      for (const { name } of ownTopics(system.config)) await cluster.whole(name);
      await system.publish(500);
      await cluster.stop(broker);
      await cluster.start(broker);
    }
    await assertAllDone(3_000);
    for (const dispatcher of dispatchers) assert.equal(await dispatcher.stop(), 0, dispatcher.output());
  });
});
