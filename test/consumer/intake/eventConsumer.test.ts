import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import kafkajs from 'kafkajs';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';
import { fetchGroupLag } from '../../../src/kafka/groupOffsets.ts';
import { eventually } from '../../support/eventually.ts';
import { billIdsOf, Collector, eventMessage, KafkaFixture } from './kafkaFixture.ts';

describe('eventConsumer', () => {
  it('delivers 20,000 records once each and commits to the end', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(8);
    await fixture.sendEvents(topic, { count: 20_000 });
    const collector = new Collector();
    const onRecords = (records: ReceivedRecord[]) => {
      for (const record of records) record.done();
      collector.onRecords(records);
    };
    const consumer = fixture.consumer({ topics: [topic], onRecords });
    await consumer.start();
    await collector.until(20_000);
    await consumer.stop();
    assert.deepEqual(
      billIdsOf(collector.records).sort((a, b) => a - b),
      Array.from({ length: 20_000 }, (_, index) => index + 1),
    );
    assert.equal(await fixture.committedSum(topic), 20_000);
    const lag = await fetchGroupLag({ kafka: fixture.kafka, groupId: fixture.groupId, topics: [topic] });
    assert.equal(lag.get(topic), 0);
  });

  it('delivers the records of a partition in order, with what they are', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    const before = Date.now();
    await fixture.sendEvents(topic, { count: 2_500 });
    const collector = new Collector();
    await fixture.consumer({ topics: [topic], onRecords: collector.onRecords }).start();
    await collector.until(2_500);
    collector.records.forEach((record, index) => {
      assert.equal(record.offset, String(index));
      assert.equal(record.topic, topic);
      assert.equal(record.partition, 0);
      assert.ok(record.timestampMs >= before && record.timestampMs <= Date.now());
      assert.deepEqual(record.event, {
        kind: 'event',
        billId: String(index + 1),
        memberId: String(index + 1),
      });
    });
  });

  it('gives poison with its bytes, exactly', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    const key = Buffer.of(0, 1, 0x80, 0xff);
    const value = Buffer.of(0xff, 0xfe, 0, 10, 13);
    await fixture.send(topic, [
      { key, value },
      { key: null, value: null },
      { key: 'k', value: '{"billId":1}' },
    ]);
    await fixture.sendEvents(topic, { count: 2_000 });
    const collector = new Collector();
    await fixture.consumer({ topics: [topic], onRecords: collector.onRecords }).start();
    await collector.until(2_003);
    const [first, second, third, fourth] = collector.records;
    assert.deepEqual(first?.event, { kind: 'poison', reason: 'EVENT_NOT_JSON' });
    assert.deepEqual(first?.bytes(), { key, value });
    assert.deepEqual(second?.event, { kind: 'poison', reason: 'EVENT_EMPTY' });
    assert.deepEqual(second?.bytes(), { key: null, value: null });
    assert.deepEqual(third?.event, { kind: 'poison', reason: 'EVENT_BAD_ID' });
    assert.deepEqual(fourth?.bytes().value, Buffer.from('{"memberId":1,"billId":1}'));
  });

  it('reads every compression', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    const { GZIP, LZ4, None, Snappy, ZSTD } = kafkajs.CompressionTypes;
    for (const [index, compression] of [None, GZIP, Snappy, LZ4, ZSTD].entries()) {
      const messages = Array.from({ length: 2_000 }, (_, each) => eventMessage(index * 2_000 + each + 1));
      await fixture.send(topic, messages, compression);
    }
    const collector = new Collector();
    await fixture.consumer({ topics: [topic], onRecords: collector.onRecords }).start();
    await collector.until(10_000);
    assert.deepEqual(
      billIdsOf(collector.records),
      Array.from({ length: 10_000 }, (_, index) => index + 1),
    );
  });

  it('never commits beyond a record that is not done, in any order of the others', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 3_000 });
    const collector = new Collector();
    const consumer = fixture.consumer({ topics: [topic], onRecords: collector.onRecords });
    await consumer.start();
    await collector.until(3_000);
    const stuck = [500, 1_500, 2_999];
    for (const [offset, record] of [...collector.records.entries()].reverse()) {
      if (!stuck.includes(offset)) record.done();
    }
    for (const offset of stuck) {
      await consumer.commitNow();
      assert.equal((await fixture.committed(topic)).get(0), offset);
      assert.equal(consumer.facts().inFlight, stuck.length - stuck.indexOf(offset));
      collector.records[offset]?.done();
      collector.records[offset]?.done();
    }
    await consumer.commitNow();
    assert.equal((await fixture.committed(topic)).get(0), 3_000);
    assert.equal(consumer.facts().inFlight, 0);
  });

  it('commits on its own, now and then', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(2);
    await fixture.sendEvents(topic, { count: 100 });
    const collector = new Collector();
    await fixture.consumer({ topics: [topic], onRecords: collector.onRecords }).start();
    await collector.until(100);
    for (const record of collector.records) record.done();
    await eventually(async () => (await fixture.committedSum(topic)) === 100);
  });

  it('stop() commits what is done, and what is not comes again', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 1_000 });
    const first = new Collector();
    const consumer = fixture.consumer({ topics: [topic], onRecords: first.onRecords });
    await consumer.start();
    await first.until(1_000);
    for (const record of first.records.slice(0, 600)) record.done();
    await Promise.all([consumer.stop(), consumer.stop()]);
    assert.equal((await fixture.committed(topic)).get(0), 600);
    assert.ok(first.records.every((record) => !record.isCurrent()));
    for (const record of first.records) record.done();
    assert.equal(consumer.facts().inFlight, 0);

    const second = new Collector();
    await fixture.consumer({ topics: [topic], onRecords: second.onRecords }).start();
    await second.until(400);
    assert.deepEqual(billIdsOf(second.records).slice(0, 2), [601, 602]);
  });

  it('stopFetching() delivers nothing more, and what is in flight may still be committed', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 500 });
    const collector = new Collector();
    const consumer = fixture.consumer({ topics: [topic], onRecords: collector.onRecords });
    await consumer.start();
    await collector.until(500);
    consumer.stopFetching();
    await fixture.sendEvents(topic, { count: 500 });
    consumer.resume(topic);
    for (const record of collector.records) record.done();
    await consumer.commitNow();
    assert.equal((await fixture.committed(topic)).get(0), 500);
    await consumer.stop();
    assert.equal(collector.records.length, 500);
  });

  it('passes the control records of a transaction, also at the end', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    const producer = fixture.kafka.producer({
      transactionalId: topic,
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    t.after(() => producer.disconnect());
    for (const [index, end] of (['commit', 'abort', 'commit', 'abort'] as const).entries()) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [eventMessage(index + 1)] });
      await transaction[end]();
    }
    const collector = new Collector();
    const consumer = fixture.consumer({ topics: [topic], onRecords: collector.onRecords });
    await consumer.start();
    await collector.until(2);
    assert.deepEqual(billIdsOf(collector.records), [1, 3]);
    for (const record of collector.records) record.done();
    const lag = async () =>
      (await fetchGroupLag({ kafka: fixture.kafka, groupId: fixture.groupId, topics: [topic] })).get(topic);
    await eventually(async () => (await lag()) === 0);
  });

  it('start() says so when a topic or the broker is not there', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const consumer = fixture.consumer({ topics: ['test-no-such-topic'], onRecords: () => undefined });
    await assert.rejects(consumer.start(), { name: 'BillcastError', code: 'KAFKA_FAILED' });
  });
});
