import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { ensureTopics } from '../../../src/kafka/ensureTopics.ts';
import { eventually } from '../../support/eventually.ts';
import { OwnBroker } from '../../support/ownBroker.ts';
import { billIdsOf, Collector, KafkaFixture, listeningLog } from './kafkaFixture.ts';
import { UnfinishedWork } from './unfinishedWork.ts';

describe('eventConsumer under faults', () => {
  it('reads from the earliest record left when retention has passed the committed offset', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 100 });
    await fixture.commit(topic, 10);
    await fixture.admin.fetchTopicOffsets(topic);
    await fixture.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '50' }] });
    const collector = new Collector();
    const { log, messages } = listeningLog();
    const consumer = fixture.consumer({ topics: [topic], onRecords: collector.onRecords, log });
    await consumer.start();
    await collector.until(50);
    assert.deepEqual(
      billIdsOf(collector.records),
      Array.from({ length: 50 }, (_, index) => index + 51),
    );
    assert.ok(messages.some((message) => message.startsWith('committed offset out of range')));
    for (const record of collector.records) record.done();
    await consumer.commitNow();
    assert.equal((await fixture.committed(topic)).get(0), 100);
  });

  it('reads from the earliest record when the committed offset lies beyond the end', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 20 });
    await fixture.commit(topic, 1000);
    const collector = new Collector();
    await fixture.consumer({ topics: [topic], onRecords: collector.onRecords }).start();
    await collector.until(20);
    assert.equal(billIdsOf(collector.records)[0], 1);
  });

  it('loses no record of a topic that was recreated at the same offsets', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 100 });
    const collector = new Collector();
    const { log, messages } = listeningLog();
    const consumer = fixture.consumer({ topics: [topic], onRecords: collector.onRecords, log });
    await consumer.start();
    await collector.until(100);
    const stale = collector.records.slice(50);
    for (const record of collector.records.slice(0, 50)) record.done();
    await consumer.commitNow();

    await fixture.admin.deleteTopics({ topics: [topic] });
    await ensureTopics({ kafka: fixture.connectKafka(), topics: [{ name: topic, partitions: 1 }] });
    const again = fixture.connectKafka().producer();
    await again.connect();
    t.after(() => again.disconnect());
    await again.send({ topic, messages: [{ value: '{"memberId":1,"billId":1001}' }] });
    await collector.until(101);
    assert.deepEqual(billIdsOf(collector.records).at(-1), 1_001);
    // The consumer learns of the new topic by its offsets, or it has joined without the topic while there was
    // none.
    const rejoined = consumer.facts().joins > 1;
    assert.ok(rejoined || messages.includes('offsets went back: reading the partition from there'));
    assert.ok(stale.every((record) => !record.isCurrent()));
    for (const record of stale) record.done();
    assert.equal(consumer.facts().inFlight, 1);
    collector.records.at(-1)?.done();
    await eventually(async () => (await fixture.committed(topic)).get(0) === 1);
  });
});

describe('eventConsumer on a broker that is killed', () => {
  let broker: OwnBroker;
  before(async () => {
    broker = await OwnBroker.start();
  });
  after(() => broker.remove());

  it('survives a broker that is killed and comes back, with its work', async (t) => {
    const fixture = await openOn(broker, t);
    const topic = await fixture.createTopic(4);
    await fixture.sendEvents(topic, { count: 2_000 });
    const work = new UnfinishedWork(() => 100 + Math.random() * 900);
    t.after(() => work.abandon());
    const { log, messages } = listeningLog();
    const consumer = fixture.consumer({
      topics: [topic],
      onRecords: work.onRecords,
      log,
      sessionTimeoutMs: 6_000,
    });
    await consumer.start();
    await eventually(() => work.delivered === 2_000 && work.done > 200);
    await broker.kill();
    await eventually(() => consumer.facts().brokerGone);
    await eventually(() => work.done === 2_000);
    await broker.restart();
    await eventually(async () => (await fixture.committedSum(topic).catch(() => 0)) === 2_000, 60_000);
    work.assertNotPassed(await fixture.committed(topic));
    await fixture.sendEvents(topic, { from: 2_001, count: 1_000 });
    await eventually(() => work.done === 3_000);
    assert.equal(messages.filter((message) => message.startsWith('server unreachable')).length, 1);
    await eventually(() => messages.includes('server is back'));
    assert.equal(work.delivered, 3_000);
    await consumer.stop();
  });

  it('may be started again after a start without a broker', async (t) => {
    const fixture = await openOn(broker, t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 10 });
    await broker.kill();
    const collector = new Collector();
    const consumer = fixture.consumer({ topics: [topic], onRecords: collector.onRecords });
    await assert.rejects(consumer.start(), { code: 'KAFKA_FAILED' });
    await broker.restart();
    await consumer.start();
    await collector.until(10);
  });

  // This test is the last one, since it leaves the broker dead.
  it('stops while the broker is away', async (t) => {
    const fixture = await openOn(broker, t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 10 });
    const collector = new Collector();
    const consumer = fixture.consumer({ topics: [topic], onRecords: collector.onRecords });
    await consumer.start();
    await collector.until(10);
    await broker.kill();
    for (const record of collector.records) record.done();
    await consumer.stop();
  });
});

async function openOn(broker: OwnBroker, t: TestContext): Promise<KafkaFixture> {
  const fixture = new KafkaFixture(broker.address);
  t.after(() => fixture.disconnect());
  await fixture.admin.connect();
  return fixture;
}
