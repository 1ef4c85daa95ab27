import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Assignment } from '../../../src/consumer/intake/assignment.ts';
import { batchOf, range } from './fetchedBatch.ts';

describe('Assignment', () => {
  it('keeps what stays, revokes what goes, makes what comes', () => {
    const assignment = new Assignment();
    assert.deepEqual(assignment.joined({ mail: [0, 1], sms: [0] }, 0), { retained: 0, gained: 3, lost: 0 });
    const kept = assignment.find('mail', 1);
    const lost = assignment.find('mail', 0);
    lost?.take(batchOf(range(0, 10)));
    kept?.take(batchOf(range(0, 5)));
    assert.equal(assignment.inFlight, 15);
    assert.deepEqual(assignment.joined({ mail: [1, 2] }, 0), { retained: 1, gained: 1, lost: 2 });
    assert.equal(assignment.find('mail', 1), kept);
    assert.equal(assignment.find('mail', 0), undefined);
    assert.equal(assignment.find('sms', 0), undefined);
    assert.equal(assignment.inFlight, 5);
    assert.deepEqual(assignment.joined({}, 0), { retained: 0, gained: 0, lost: 2 });
    assert.equal(assignment.inFlight, 0);
    assert.deepEqual(assignment.progress(), []);
  });

  it('holds on to what it has of a partition that stays, though it is fetched again', () => {
    const assignment = new Assignment();
    assignment.joined({ mail: [0] }, 0);
    const held = assignment.find('mail', 0)?.take(batchOf(range(0, 10)));
    assignment.joined({ mail: [0] }, 1_000);
    const again = assignment.find('mail', 0)?.take(batchOf(range(0, 10)));
    assert.ok(held?.kind === 'taken' && again?.kind === 'taken');
    assert.deepEqual([again.restarted, again.repeated], [false, 10]);
    assert.ok(held.records.every((record) => record.isCurrent()));
  });

  it('ends every epoch when nothing is ours any more', () => {
    const assignment = new Assignment();
    assignment.joined({ mail: [0] }, 0);
    const held = assignment.find('mail', 0)?.take(batchOf(range(0, 10)));
    assignment.revokeAll();
    assert.ok(held?.kind === 'taken' && held.records.every((record) => !record.isCurrent()));
  });

  it('lets only partitions that are ours commit', () => {
    const assignment = new Assignment();
    assignment.joined({ mail: [0, 1] }, 0);
    const records = [0, 1].map((partition) => {
      const intake = assignment.find('mail', partition)?.take(batchOf([partition * 100]));
      return intake?.kind === 'taken' ? intake.records[0] : undefined;
    });
    for (const record of records) record?.done();
    assert.equal(assignment.progress().length, 2);
    assignment.joined({ mail: [1] }, 0);
    assert.deepEqual(
      assignment.progress().map(({ source, offset }) => [source.partition, offset]),
      [[1, 101]],
    );
  });

  it('does not trust the first batch of a partition that has just come back', () => {
    const assignment = new Assignment();
    assignment.joined({ mail: [0] }, 0);
    assignment.joined({}, 1_000);
    assignment.joined({ mail: [0] }, 2_000);
    assert.equal(assignment.find('mail', 0)?.take(batchOf([900])).kind, 'refetch');
    assert.equal(assignment.find('mail', 0)?.take(batchOf([5])).kind, 'taken');
    assignment.joined({}, 3_000);
    assignment.joined({ mail: [0] }, 100_000);
    assert.equal(assignment.find('mail', 0)?.take(batchOf([5])).kind, 'taken');
  });

  it('seeks back if kafkajs skipped control records before the first batch of a returned partition', () => {
    const assignment = new Assignment();
    assignment.joined({ mail: [0] }, 0);
    assignment.find('mail', 0)?.take(batchOf(range(5, 20)));
    assignment.joined({}, 1_000);
    assignment.joined({ mail: [0] }, 2_000);
    assert.equal(assignment.find('mail', 0)?.skipped(22), 5);
    assert.equal(assignment.find('mail', 0)?.skipped(6), undefined, 'once, or it would never end');
    assert.equal(assignment.find('mail', 0)?.take(batchOf([7])).kind, 'taken');
  });
});
