import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FetchedBatch, OwnedPartition } from '../../../src/consumer/intake/ownedPartition.ts';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';
import { batchOf, range } from './fetchedBatch.ts';

describe('OwnedPartition', () => {
  it('drops what it holds when a rejoin fetches from the committed offset again', () => {
    const partition = owned();
    const records = take(partition, batchOf(range(0, 100)));
    for (const record of records.slice(0, 40)) record.done();
    commit(partition);
    partition.rejoined();
    assert.deepEqual(take(partition, batchOf(range(40, 70))), []);
    const fresh = take(partition, batchOf(range(70, 110)));
    assert.deepEqual(
      fresh.map(({ offset }) => Number(offset)),
      range(100, 110),
    );
    assert.ok(records.every((record) => record.isCurrent()));
    assert.equal(partition.inFlight, 70);
  });

  it('starts a new epoch if the log went back, and takes every new record', () => {
    const partition = owned();
    const stale = take(partition, batchOf(range(100, 200)));
    const intake = partition.take(batchOf(range(0, 150)));
    assert.ok(intake.kind === 'taken' && intake.restarted);
    assert.equal(intake.records.length, 150);
    assert.ok(stale.every((record) => !record.isCurrent()));
    for (const record of stale) record.done();
    assert.equal(progressOf(partition), undefined);
    for (const record of intake.records) record.done();
    assert.equal(progressOf(partition), 150);
  });

  it('starts a new epoch if a rejoin leads below what was committed', () => {
    const partition = owned();
    for (const record of take(partition, batchOf(range(0, 100)))) record.done();
    commit(partition);
    partition.rejoined();
    const intake = partition.take(batchOf(range(0, 5)));
    assert.ok(intake.kind === 'taken' && intake.restarted && intake.records.length === 5);
  });

  it('starts a new epoch if only control records show that the log went back', () => {
    const partition = owned();
    for (const record of take(partition, batchOf(range(100, 200)))) record.done();
    partition.skipped(0);
    assert.equal(take(partition, batchOf([1, 2, 3])).length, 3);
  });

  it('forgets the commit of an epoch that has ended', () => {
    const partition = owned();
    for (const record of take(partition, batchOf(range(100, 200)))) record.done();
    const underway = partition.progress;
    assert.ok(underway !== undefined);
    for (const record of take(partition, batchOf(range(0, 200)))) record.done();
    partition.committed(underway);
    assert.equal(progressOf(partition), 200);
  });

  it('commits again what an epoch that has ended had committed', () => {
    const partition = owned();
    for (const record of take(partition, batchOf(range(0, 10)))) record.done();
    commit(partition);
    for (const record of take(partition, batchOf(range(0, 10)))) record.done();
    assert.equal(progressOf(partition), 10);
  });

  it('counts a rejoin from where its own epoch began', () => {
    const partition = owned();
    take(partition, batchOf(range(100, 200)));
    const records = take(partition, batchOf(range(0, 5)));
    partition.rejoined();
    assert.deepEqual(take(partition, batchOf(range(0, 5))), []);
    assert.ok(records.every((record) => record.isCurrent()));
  });

  it('reports progress only until it is committed', () => {
    const partition = owned();
    const [first, second] = take(partition, batchOf([7, 9], 12));
    assert.equal(progressOf(partition), undefined);
    first?.done();
    assert.equal(progressOf(partition), 8);
    commit(partition);
    assert.equal(progressOf(partition), undefined);
    second?.done();
    assert.equal(progressOf(partition), 13);
    partition.skipped(13);
    assert.equal(progressOf(partition), 14);
  });

  it('continues where another member has gone further', () => {
    const partition = owned();
    const held = take(partition, batchOf(range(0, 10)));
    partition.rejoined();
    const later = take(partition, batchOf(range(50, 60)));
    for (const record of later) record.done();
    assert.equal(progressOf(partition), undefined);
    for (const record of held) record.done();
    assert.equal(progressOf(partition), 60);
  });

  it('has a batch that it cannot trust fetched again', () => {
    const partition = new OwnedPartition('topic', 0, { distrustFirst: true });
    partition.skipped(500);
    assert.deepEqual(partition.take(batchOf(range(900, 910))), { kind: 'refetch' });
    assert.equal(take(partition, batchOf(range(0, 10))).length, 10);
  });

  it('has nothing to commit and nothing in flight once revoked', () => {
    const partition = owned();
    const records = take(partition, batchOf(range(0, 10)));
    records[0]?.done();
    partition.revoke();
    for (const record of records) record.done();
    assert.equal(progressOf(partition), undefined);
    assert.equal(partition.inFlight, 0);
  });
});

function owned(): OwnedPartition {
  return new OwnedPartition('topic', 0, { distrustFirst: false });
}

function take(partition: OwnedPartition, batch: FetchedBatch): ReceivedRecord[] {
  const intake = partition.take(batch);
  assert.ok(intake.kind === 'taken');
  return intake.records;
}

function progressOf(partition: OwnedPartition): number | undefined {
  return partition.progress?.offset;
}

function commit(partition: OwnedPartition): void {
  const { progress } = partition;
  assert.ok(progress !== undefined);
  partition.committed(progress);
}
