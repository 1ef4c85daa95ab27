import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventConsumer } from '../../../src/consumer/intake/eventConsumer.ts';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';
import { eventually } from '../../support/eventually.ts';
import { expelMembers } from './groupMember.ts';
import { billIdsOf, Collector, eventMessage, KafkaFixture } from './kafkaFixture.ts';
import { UnfinishedWork } from './unfinishedWork.ts';

describe('eventConsumer under rebalances', () => {
  it('loses nothing and commits nothing unfinished while members join and leave', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(8);
    const work = new UnfinishedWork(() => (Math.random() < 0.05 ? 1_500 : Math.random() * 200));
    t.after(() => work.abandon());
    await fixture.sendEvents(topic, { count: 2_000 });
    const probe = probeCommits(fixture, topic, work);
    const member = () => fixture.consumer({ topics: [topic], onRecords: work.onRecords });

    const first = member();
    await first.start();
    await eventually(() => work.delivered >= 500);
    const second = member();
    await second.start();
    await fixture.sendEvents(topic, { from: 2_001, count: 4_000 });
    await eventually(() => first.facts().partitions === 4 && second.facts().partitions === 4);
    await eventually(() => work.delivered >= 3_000);
    assert.ok(work.unfinished > 0);
    await first.stop();
    await fixture.sendEvents(topic, { from: 6_001, count: 4_000 });
    const third = member();
    await third.start();
    await eventually(() => second.facts().partitions === 4 && third.facts().partitions === 4);
    await eventually(() => work.done === 10_000);
    await eventually(async () => (await fixture.committedSum(topic)) === 10_000);
    const probes = await probe.stop();
    t.diagnostic(`${work.delivered} deliveries of 10,000 records, ${probes} looks at the commits`);
    assert.equal(first.facts().inFlight, 0);
  });

  it('a record of a lost partition is not current, and its completion counts for nobody', async (t) => {
    const { fixture, topic, collector, consumer } = await startWith(t, { partitions: 2, count: 200 });
    const second = new Collector();
    const other = fixture.consumer({ topics: [topic], onRecords: second.onRecords });
    await other.start();
    await eventually(() => consumer.facts().partitions === 1 && other.facts().partitions === 1);
    const lost = collector.records.filter((record) => !record.isCurrent());
    const kept = collector.records.filter((record) => record.isCurrent());
    assert.ok(lost.length > 0 && kept.length > 0);
    assert.equal(new Set(lost.map(({ partition }) => partition)).size, 1);
    assert.equal(consumer.facts().inFlight, kept.length);
    await second.until(lost.length);
    for (const record of lost) record.done();
    await consumer.commitNow();
    await other.commitNow();
    assert.equal(await fixture.committedSum(topic), 0);
    for (const record of kept) record.done();
    for (const record of second.records) record.done();
    await consumer.commitNow();
    await other.commitNow();
    assert.equal(await fixture.committedSum(topic), 200);
  });

  it('drops what it holds already when a retained partition is fetched again', async (t) => {
    const { fixture, topic, collector, consumer } = await startWith(t, { partitions: 2, count: 400 });
    const other = fixture.consumer({ topics: [topic], onRecords: () => undefined });
    await other.start();
    await eventually(() => consumer.facts().partitions === 1);
    const kept = collector.records.filter((record) => record.isCurrent()).length;
    await eventually(() => consumer.facts().repeated >= kept);
    assert.equal(collector.records.length, 400);
  });

  it('commits what is done before it joins again', async (t) => {
    const { fixture, topic, collector, consumer } = await startWith(t, {
      partitions: 2,
      count: 200,
      commitIntervalMs: 1_000_000,
    });
    done(collector.records);
    assert.equal(await fixture.committedSum(topic), 0);
    const second = new Collector();
    const other = fixture.consumer({ topics: [topic], onRecords: second.onRecords });
    await other.start();
    await eventually(() => other.facts().partitions === 1);
    assert.equal(await fixture.committedSum(topic), 200);
    await fixture.sendEvents(topic, { from: 201, count: 200 });
    await eventually(() => collector.records.length + second.records.length === 400);
    assert.equal(consumer.facts().repeated, 0);
    assert.ok(billIdsOf(second.records).every((billId) => billId > 200));
  });

  it('commits nothing from its request to join until the join is done', async (t) => {
    const options = { partitions: 2, count: 200, commitIntervalMs: 1_000_000 };
    const { fixture, topic, collector, consumer } = await startWith(t, options);
    const busy = await startBusyMember(t, fixture, topic);
    const mine = collector.records.filter((record) => record.isCurrent());
    done(mine.slice(0, 10));
    const third = fixture.consumer({ topics: [topic], onRecords: () => undefined });
    const started = third.start();
    // It commits when it hears of the rebalance. Its request to join follows at once, and is not answered
    // before the busy member joins too.
    await eventually(() => consumer.facts().commits === 1);
    await pause(500);
    done(mine);
    await consumer.commitNow();
    const { joins, commits, commitFailures } = consumer.facts();
    assert.deepEqual({ joins, commits, commitFailures }, { joins: 2, commits: 1, commitFailures: 0 });
    assert.equal(await fixture.committedSum(topic), 10);
    busy.goOn();
    await started;
    await eventually(() => consumer.facts().joins === 3);
  });

  it('fetches again what control records may have gone past when a partition comes back', async (t) => {
    const options = { partitions: 2, count: 200, commitIntervalMs: 1_000_000 };
    const { fixture, topic, collector, consumer } = await startWith(t, options);
    for (const partition of [0, 1]) {
      done(collector.records.filter((record) => record.partition === partition).slice(0, 5));
    }
    await consumer.commitNow();
    const second = new Collector();
    const other = fixture.consumer({ topics: [topic], onRecords: second.onRecords });
    await other.start();
    await eventually(() => consumer.facts().partitions === 1);
    const lost = collector.records.filter((record) => !record.isCurrent());
    await second.until(lost.length - 5);
    done(second.records);
    await other.commitNow();
    const partition = lost[0]?.partition;
    assert.ok(partition !== undefined);
    await sendAborted(t, fixture, { topic, partition });
    const before = collector.records.length;
    await other.stop();
    await collector.until(before + lost.length - 5);
    assert.deepEqual(
      collector.records.slice(before).map(({ partition, offset }) => ({ partition, offset })),
      lost.slice(5).map(({ partition, offset }) => ({ partition, offset })),
    );
  });

  it('keeps its work if the group forgot it (UNKNOWN_MEMBER_ID, no REBALANCING event)', async (t) => {
    const { fixture, topic, collector, consumer } = await startWith(t, { partitions: 2, count: 300 });
    assert.equal(await expelMembers(fixture.kafka, fixture.groupId), 1);
    await eventually(() => consumer.facts().joins === 2);
    await eventually(() => consumer.facts().repeated === 300);
    assert.equal(consumer.facts().inFlight, 300);
    assert.ok(collector.records.every((record) => record.isCurrent()));
    for (const record of collector.records.slice(1)) record.done();
    await consumer.commitNow();
    assert.ok((await fixture.committedSum(topic)) < 300);
    collector.records[0]?.done();
    await consumer.commitNow();
    assert.equal(await fixture.committedSum(topic), 300);
    assert.equal(collector.records.length, 300);
  });

  it('a member without a partition waits for one', async (t) => {
    const { fixture, topic, collector, consumer } = await startWith(t, { partitions: 1, count: 10 });
    const second = new Collector();
    const other = fixture.consumer({ topics: [topic], onRecords: second.onRecords });
    await other.start();
    await eventually(() => consumer.facts().joins === 2);
    assert.equal(consumer.facts().partitions + other.facts().partitions, 1);
    for (const record of [...collector.records, ...second.records]) record.done();
    await (consumer.facts().partitions === 1 ? consumer : other).stop();
    await fixture.sendEvents(topic, { from: 11, count: 5 });
    const heir = consumer.facts().partitions === 1 ? collector : second;
    const isHere = () => billIdsOf([...heir.records, ...second.records, ...collector.records]).includes(15);
    await eventually(isHere);
  });

  it('a pause holds for partitions that come later, and through a rejoin', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(4);
    const otherTopic = await fixture.createTopic(1);
    const collector = new Collector();
    const topics = [topic, otherTopic];
    const consumer = fixture.consumer({ topics, onRecords: collector.onRecords });
    consumer.pause(topic);
    await consumer.start();
    const other = fixture.consumer({ topics, onRecords: (records) => done(records) });
    await other.start();
    await eventually(() => consumer.facts().partitions + other.facts().partitions === 5);
    await other.stop();
    await eventually(() => consumer.facts().partitions === 5);
    await expelMembers(fixture.kafka, fixture.groupId);
    await eventually(() => consumer.facts().joins >= 4);
    await fixture.sendEvents(topic, { count: 100 });
    await fixture.sendEvents(otherTopic, { from: 1_001, count: 10 });
    await collector.until(10);
    assert.ok(collector.records.every((record) => record.topic === otherTopic));
    consumer.resume(topic);
    await collector.until(110);
    assert.equal(new Set(billIdsOf(collector.records)).size, 110);
  });

  it('bounds what is in flight when its user pauses at a limit', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(4);
    await fixture.sendEvents(topic, { count: 8_000 });
    const inFlight: ReceivedRecord[] = [];
    const finished = Promise.withResolvers<void>();
    let received = 0;
    let most = 0;
    let largestBatch = 0;
    const settle = () => {
      for (const record of inFlight.splice(0, 400)) record.done();
      if (received === 8_000 && inFlight.length === 0) finished.resolve();
      else if (inFlight.length > 0) setImmediate(settle);
      if (inFlight.length < 500) consumer.resume(topic);
    };
    const consumer = fixture.consumer({
      topics: [topic],
      onRecords: (records) => {
        assert.ok(inFlight.length < 1_000, 'delivered after a pause');
        if (inFlight.length === 0) setImmediate(settle);
        received += records.length;
        largestBatch = Math.max(largestBatch, records.length);
        inFlight.push(...records);
        most = Math.max(most, inFlight.length);
        if (inFlight.length >= 1_000) consumer.pause(topic);
      },
    });
    await consumer.start();
    await finished.promise;
    assert.ok(most < 1_000 + largestBatch, `${most} in flight`);
    await consumer.commitNow();
    assert.equal(await fixture.committedSum(topic), 8_000);
  });

  it('commitNow() and stop() do not wait for each other or for a join', async (t) => {
    const { fixture, topic, collector, consumer } = await startWith(t, { partitions: 4, count: 400 });
    const other = fixture.consumer({ topics: [topic], onRecords: (records) => done(records) });
    done(collector.records);
    await Promise.all([
      other.start(),
      expelMembers(fixture.kafka, fixture.groupId),
      ...Array.from({ length: 20 }, () => consumer.commitNow()),
      consumer.stop(),
    ]);
    await eventually(() => other.facts().partitions === 4);
    await eventually(async () => (await fixture.committedSum(topic)) === 400);
  });
});

function done(records: readonly ReceivedRecord[]): void {
  for (const record of records) record.done();
}

/** A transaction that leaves nothing but control records to read. */
async function sendAborted(
  t: TestContext,
  fixture: KafkaFixture,
  { topic, partition }: { topic: string; partition: number },
): Promise<void> {
  const producer = fixture.kafka.producer({
    transactionalId: topic,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  t.after(() => producer.disconnect());
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ ...eventMessage(1), partition }] });
  await transaction.abort();
}

/** Another member of the group that is in a batch until `goOn`: it neither heartbeats nor joins meanwhile. */
async function startBusyMember(t: TestContext, fixture: KafkaFixture, topic: string) {
  const inBatch = Promise.withResolvers<void>();
  const wentOn = Promise.withResolvers<void>();
  const member = fixture
    .connectKafka()
    .consumer({ groupId: fixture.groupId, sessionTimeout: 30_000, maxWaitTimeInMs: 50 });
  t.after(async () => {
    wentOn.resolve();
    await member.disconnect();
  });
  await member.connect();
  await member.subscribe({ topics: [topic], fromBeginning: true });
  await member.run({
    autoCommit: false,
    eachBatch: async () => {
      inBatch.resolve();
      await wentOn.promise;
    },
  });
  await inBatch.promise;
  return { goOn: () => wentOn.resolve() };
}

async function startWith(
  t: TestContext,
  { partitions, count, ...options }: { partitions: number; count: number; commitIntervalMs?: number },
) {
  const fixture = await KafkaFixture.open(t);
  const topic = await fixture.createTopic(partitions);
  await fixture.sendEvents(topic, { count });
  const collector = new Collector();
  const consumer: EventConsumer = fixture.consumer({
    topics: [topic],
    onRecords: collector.onRecords,
    ...options,
  });
  await consumer.start();
  await collector.until(count);
  return { fixture, topic, collector, consumer };
}

/** Compares the committed offsets with the work done until stopped; returns how often. */
function probeCommits(fixture: KafkaFixture, topic: string, work: UnfinishedWork) {
  let isOn = true;
  let probes = 0;
  const run = async (): Promise<number> => {
    while (isOn) {
      work.assertNotPassed(await fixture.committed(topic));
      probes++;
    }
    return probes;
  };
  const running = run();
  running.catch(() => undefined);
  return {
    stop: () => {
      isOn = false;
      return running;
    },
  };
}
