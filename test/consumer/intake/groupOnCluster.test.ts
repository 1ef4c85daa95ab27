import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ensureTopics } from '../../../src/kafka/ensureTopics.ts';
import { fetchGroupLag } from '../../../src/kafka/groupOffsets.ts';
import { withAdmin } from '../../../src/kafka/kafkaAdmin.ts';
import { classifyKafkaError } from '../../../src/kafka/kafkaError.ts';
import { countBrokers, readTopicFacts } from '../../../src/kafka/topicFacts.ts';
import { eventually } from '../../support/eventually.ts';
import { OwnCluster } from '../../support/ownCluster.ts';
import { Collector, eventMessage, KafkaFixture } from './kafkaFixture.ts';

describe('on three brokers', () => {
  let cluster: OwnCluster;
  before(async () => {
    cluster = await OwnCluster.start();
  });
  after(() => cluster.remove());

  it('topics are made on all three, and two must have a record', async () => {
    const kafka = cluster.client();
    const topics = [{ name: 'made', partitions: 3, configEntries: [{ name: 'retention.ms', value: '-1' }] }];
    assert.deepEqual(await ensureTopics({ kafka, topics }), { names: ['made'], replicas: 3 });
    const facts = (await readTopicFacts({ kafka, topics: ['made'] })).get('made');
    assert.deepEqual(
      { ...facts, maxMessageBytes: 0 },
      { partitions: 3, replicas: 3, minInSync: 2, leaderless: [], retentionMs: -1, maxMessageBytes: 0 },
    );
    assert.equal(await countBrokers(kafka), 3);
  });

  it('a partition without a leader delays no other, neither reads nor writes', async (t) => {
    const kafka = cluster.client();
    await withAdmin({ kafka }, 'no topic', (admin) =>
      admin.createTopics({
        topics: [
          {
            topic: 'single',
            replicaAssignment: [1, 2, 3].map((broker, partition) => ({ partition, replicas: [broker] })),
          },
        ],
      }),
    );
    const fixture = new KafkaFixture(cluster.addresses);
    t.after(() => fixture.disconnect());
    const collector = new Collector();
    const consumer = fixture.consumer({ topics: ['single'], onRecords: collector.onRecords });
    await retried(() => consumer.start());
    const send = async (billId: number, partition: number): Promise<void> => {
      const producer = fixture.connectKafka().producer({ allowAutoTopicCreation: false });
      await producer.connect();
      await retried(() =>
        producer.send({ topic: 'single', messages: [{ ...eventMessage(billId), partition }] }),
      );
      await producer.disconnect();
    };
    for (const partition of [0, 1, 2]) await send(partition + 1, partition);
    await collector.until(3);
    const ofKafka = await cluster.places('__consumer_offsets');
    assert.ok(ofKafka.length > 0 && ofKafka.every(({ replicas }) => replicas.length === 3));

    await cluster.kill(2);
    const leaderless = async (topic: string) =>
      (await readTopicFacts({ kafka, topics: ['single', 'made'] })).get(topic)?.leaderless ?? [];
    await eventually(async () => (await leaderless('single')).includes(1));
    assert.deepEqual(await leaderless('made'), [], 'others have led since');
    await send(10, 0);
    await send(11, 2);
    await collector.until(5);
    const lag = fetchGroupLag({ kafka, groupId: fixture.groupId, topics: ['single'], patienceMs: 1_000 });
    await assert.rejects(lag, (error: Error) => {
      assert.match(error.message, /lag could not be read/);
      assert.match(String(error.cause), /a partition of single has no leader/);
      return true;
    });
    const more = { name: 'more', partitions: 1 };
    assert.deepEqual(await ensureTopics({ kafka, topics: [more] }), { names: ['more'], replicas: 2 });
    // Who joins now gets the partition without a leader too, and reads the others.
    const joined = await collectAnew(fixture);
    await joined.until(4);

    await cluster.start(2);
    await send(12, 1);
    await collector.until(6);
    await joined.until(6);
  });
});

/** A broker hears of a new topic, or a new leader, later than the one that was asked to wait for it. */
function retried(step: () => Promise<unknown>): Promise<void> {
  return eventually(() => step().then(() => true, isFinal));
}

function isFinal(error: unknown): false {
  if (classifyKafkaError(error).retriable) return false;
  throw error;
}

/** Another group, which reads everything again. */
async function collectAnew(fixture: KafkaFixture): Promise<Collector> {
  const collector = new Collector();
  await fixture.consumer({ topics: ['single'], onRecords: collector.onRecords, groupId: 'again' }).start();
  return collector;
}
