import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consumedThrough, fetchGroupLag } from '../../src/kafka/groupOffsets.ts';
import { Collector, eventMessage, KafkaFixture } from '../consumer/intake/kafkaFixture.ts';

describe('fetchGroupLag', () => {
  it('counts what is not committed, from the first record if nothing is', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const [topic, empty] = [await fixture.createTopic(1), await fixture.createTopic(2)];
    const { kafka, groupId } = fixture;
    const lag = async () =>
      Object.fromEntries(await fetchGroupLag({ kafka, groupId, topics: [topic, empty] }));
    await fixture.sendEvents(topic, { count: 30 });
    assert.deepEqual(await lag(), { [topic]: 30, [empty]: 0 });
    await fixture.admin.fetchTopicOffsets(topic);
    await fixture.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '10' }] });
    assert.deepEqual(await lag(), { [topic]: 20, [empty]: 0 });
    await fixture.commit(topic, 25);
    assert.deepEqual(await lag(), { [topic]: 5, [empty]: 0 });
    await fixture.commit(topic, 4);
    assert.deepEqual(await lag(), { [topic]: 20, [empty]: 0 });
  });

  it('says so for a topic that does not exist', async (t) => {
    const { kafka, groupId } = await KafkaFixture.open(t);
    await assert.rejects(fetchGroupLag({ kafka, groupId, topics: ['test-no-such-topic'] }), {
      code: 'KAFKA_FAILED',
    });
  });
});

describe('consumedThrough', () => {
  it('is true when every older record is committed, in every partition', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(2);
    const { kafka, groupId } = fixture;
    const through = (timestampMs: number) => consumedThrough({ kafka, groupId, topic, timestampMs });
    assert.ok(await through(5_000_000), 'an empty topic holds nothing back');
    const at = (billId: number, timestampMs: number, partition: number) => ({
      ...eventMessage(billId),
      partition,
      timestamp: String(timestampMs),
    });
    const now = Date.now();
    await fixture.send(topic, [at(1, now - 3_000, 0), at(2, now - 2_000, 0), at(3, now - 1_000, 1)]);
    assert.ok(await through(now - 3_000));
    assert.ok(!(await through(now - 2_999)));

    const collector = new Collector();
    const consumer = fixture.consumer({ topics: [topic], onRecords: collector.onRecords });
    await consumer.start();
    await collector.until(3);
    const finish = async (billId: string) => {
      const record = collector.records.find(({ event }) => event.kind === 'event' && event.billId === billId);
      record?.done();
      await consumer.commitNow();
    };
    await finish('1');
    assert.ok(await through(now - 2_000));
    assert.ok(!(await through(now - 1_999)));
    await finish('2');
    assert.ok(await through(now - 1_000));
    assert.ok(!(await through(now)));
    await finish('3');
    assert.ok(await through(now + 60_000));
  });
});
