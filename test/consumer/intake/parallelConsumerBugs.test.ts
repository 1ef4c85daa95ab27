import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Assignment } from '../../../src/consumer/intake/assignment.ts';
import { OwnedPartition } from '../../../src/consumer/intake/ownedPartition.ts';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import { eventually } from '../../support/eventually.ts';
import {
  emptyTables,
  insertNotification,
  memberIdOf,
  newBillId,
  readNotification,
} from '../../support/notifications.ts';
import { allDone, type FakeRecord, recordOf } from '../../support/records.ts';
import { createTestPipeline } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';
import { batchOf, range } from './fetchedBatch.ts';
import { expelMembers } from './groupMember.ts';
import { Collector, KafkaFixture } from './kafkaFixture.ts';
import { UnfinishedWork } from './unfinishedWork.ts';

/*
 * One test per bug that Confluent's Parallel Consumer once had, named after what its users lost. The
 * numbers are issues of github.com/confluentinc/parallel-consumer.
 */

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

async function insertRecords(count: number, member = memberIdOf(7)): Promise<FakeRecord[]> {
  const records: FakeRecord[] = [];
  for (let bill = 0; bill < count; bill++) {
    const { billId } = await insertNotification(db.database, { memberId: member });
    records.push(recordOf(billId, { memberId: member }));
  }
  return records;
}

describe('a bug of Parallel Consumer', () => {
  it('#826, #827: records were lost, because the highest offset seen was committed', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(1);
    await fixture.sendEvents(topic, { count: 100 });
    const first = new Collector();
    const consumer = fixture.consumer({ topics: [topic], onRecords: first.onRecords });
    await consumer.start();
    await first.until(100);
    for (const record of first.records) if (record.offset !== '10') record.done();
    await consumer.stop();
    assert.equal(await fixture.committedSum(topic), 10);
    const second = new Collector();
    await fixture.consumer({ topics: [topic], onRecords: second.onRecords }).start();
    await second.until(90);
    assert.equal(second.records[0]?.offset, '10');
  });

  it('#894: records were lost, because frequent rebalances committed a wrong offset', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(4);
    const work = new UnfinishedWork(() => (Math.random() < 0.2 ? 3_000 : Math.random() * 300));
    t.after(() => work.abandon());
    await fixture.sendEvents(topic, { count: 2_000 });
    const member = () => fixture.consumer({ topics: [topic], onRecords: work.onRecords });
    const steady = member();
    await steady.start();
    for (let round = 0; round < 4; round++) {
      const passing = member();
      await passing.start();
      if (round % 2 === 0) await expelMembers(fixture.kafka, fixture.groupId);
      work.assertNotPassed(await fixture.committed(topic));
      await passing.stop();
      work.assertNotPassed(await fixture.committed(topic));
    }
    await eventually(async () => (await fixture.committedSum(topic)) === 2_000);
    assert.equal(work.done, 2_000);
  });

  it('#875, #909: a fresh record was swallowed by a stale entry at the same offset', () => {
    const partition = new OwnedPartition('mail', 0, { distrustFirst: false });
    const stale = take(partition, range(0, 50));
    for (const record of stale.slice(10)) record.done();
    const fresh = take(partition, range(0, 50));
    assert.equal(fresh.length, 50, 'a recreated topic delivers its own records');
    for (const record of stale) record.done();
    assert.equal(partition.inFlight, 50, 'what is done of the old log is not done of the new one');
    assert.equal(progressOf(partition), undefined);
    for (const record of fresh) record.done();
    assert.equal(progressOf(partition), 50);
  });

  it('#547: the intake stood still, because a revoke leaked the count of what is in flight', async () => {
    const assignment = new Assignment();
    for (let round = 0; round < 50; round++) {
      assignment.joined({ mail: [0, 1] }, round * 100_000);
      const lost = assignment.find('mail', 0);
      const records = lost === undefined ? [] : take(lost, range(0, 100));
      assert.equal(assignment.inFlight, 100);
      records[0]?.done();
      assignment.joined({ mail: [1] }, round * 100_000);
      for (const record of records) record.done();
      assert.equal(assignment.inFlight, 0, `round ${round}`);
      assert.equal(lost?.inFlight, 0, `round ${round}`);
    }
    const pipeline = await createTestPipeline(db.database, { maxInFlight: 16 });
    const lost = Array.from({ length: 40 }, () => recordOf(newBillId(), { isCurrent: false }));
    pipeline.receive('EMAIL', lost);
    await allDone(lost);
    const ours = await insertRecords(40);
    pipeline.receive('EMAIL', ours);
    await allDone(ours);
    await pipeline.stop();
    assert.equal(pipeline.inFlight('EMAIL'), 0);
  });

  it('#832, #834, #836: the process ran out of memory, because work in flight did not count', async () => {
    const open: ((answer: SendAnswer) => void)[] = [];
    const provider = createFakeProvider({ send: () => new Promise((answer) => open.push(answer)) });
    const pipeline = await createTestPipeline(db.database, { provider, maxInFlight: 80 });
    const { room } = pipeline.channels.EMAIL.records;
    const records = await insertRecords(400);
    const oneFetch = 25;
    let fetched = 0;
    while (records.some((record) => record.doneTimes() === 0)) {
      if (pipeline.flow.at(-1) !== 'pause EMAIL' && fetched < records.length) {
        pipeline.receive('EMAIL', records.slice(fetched, fetched + oneFetch));
        fetched += oneFetch;
      } else {
        for (const answer of open.splice(0, 7)) answer({ kind: 'accepted' });
      }
      await nextTurn();
      const inFlight = records.slice(0, fetched).filter((record) => record.doneTimes() === 0).length;
      assert.ok(inFlight < room + oneFetch, `${inFlight} in flight`);
    }
    assert.ok(pipeline.flow.includes('pause EMAIL') && pipeline.flow.includes('resume EMAIL'));
    await pipeline.stop();
  });

  it('#857: everything stood still, because a commit and a revoke waited for each other', async (t) => {
    const fixture = await KafkaFixture.open(t);
    const topic = await fixture.createTopic(4);
    await fixture.sendEvents(topic, { count: 400 });
    const finish = (records: readonly ReceivedRecord[]): void => {
      for (const record of records) record.done();
    };
    const consumer = fixture.consumer({ topics: [topic], onRecords: finish });
    await consumer.start();
    for (let round = 0; round < 3; round++) {
      const passing = fixture.consumer({ topics: [topic], onRecords: finish });
      const commits = Array.from({ length: 10 }, () => consumer.commitNow());
      await Promise.all([passing.start(), ...commits, expelMembers(fixture.kafka, fixture.groupId)]);
      await Promise.all([consumer.commitNow(), passing.commitNow(), passing.stop()]);
    }
    await eventually(() => consumer.facts().partitions === 4);
    await eventually(async () => (await fixture.committedSum(topic)) === 400);
  });

  it('good records starved behind bad ones that were retried for ever and filled the intake', async () => {
    const badMember = memberIdOf(666);
    const provider = createFakeProvider({
      send: async (_message, { claim }) =>
        claim.memberId === badMember ? { kind: 'notSent', reason: 'HTTP_429' } : { kind: 'accepted' },
    });
    const pipeline = await createTestPipeline(db.database, { provider, maxInFlight: 8 });
    const bad = await insertRecords(60, badMember);
    const good = await insertRecords(20);
    pipeline.receive('EMAIL', [...bad, ...good]);
    await allDone([...bad, ...good]);
    await pipeline.stop();
    for (const { event } of good) assert.equal((await rowOf(event)).sendStatus, 'DELIVERED');
    for (const { event } of bad) {
      const { sendStatus, backOffMs } = await rowOf(event);
      assert.equal(sendStatus, 'PENDING');
      assert.ok(backOffMs !== null && backOffMs >= 500, 'its next try is later, and the row remembers it');
    }
  });
});

function rowOf(event: ReceivedRecord['event']) {
  assert.ok(event.kind === 'event');
  return readNotification(db.database, event.billId);
}

function take(partition: OwnedPartition, offsets: readonly number[]): ReceivedRecord[] {
  const intake = partition.take(batchOf(offsets));
  assert.ok(intake.kind === 'taken');
  return intake.records;
}

function progressOf({ progress }: OwnedPartition): number | undefined {
  return progress?.offset;
}
