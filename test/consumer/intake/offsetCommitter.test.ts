import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Assignment } from '../../../src/consumer/intake/assignment.ts';
import { OffsetCommitter, type SendCommit } from '../../../src/consumer/intake/offsetCommitter.ts';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';
import { batchOf, range } from './fetchedBatch.ts';
import { listeningLog } from './kafkaFixture.ts';

describe('OffsetCommitter', () => {
  it('commits what has moved, once', async () => {
    const { committer, records, sent } = create();
    assert.equal(await committer.tick(), 'nothing');
    for (const record of records.slice(0, 3)) record.done();
    assert.equal(await committer.tick(), 'committed');
    assert.equal(await committer.tick(), 'nothing');
    assert.deepEqual(sent, [{ topics: [{ topic: 'mail', partitions: [{ partition: 0, offset: '3' }] }] }]);
  });

  it('never has two commits in flight', async () => {
    const answer = Promise.withResolvers<void>();
    const { committer, records, sent } = create(() => answer.promise);
    records[0]?.done();
    const first = committer.tick();
    records[1]?.done();
    assert.equal(await committer.tick(), 'nothing');
    const flushed = committer.flush();
    assert.equal(sent.length, 1);
    answer.resolve();
    assert.equal(await first, 'committed');
    assert.equal(await flushed, 'committed');
    assert.deepEqual(offsetsOf(sent), ['1', '2']);
  });

  it('sends before the next turn of the event loop, as a flush before a join must', () => {
    const { committer, records, sent } = create();
    records[0]?.done();
    void committer.tick();
    committer.freeze();
    assert.deepEqual(offsetsOf(sent), ['1']);
  });

  it('commits nothing while frozen or detached, and says so', async () => {
    const { committer, records, sent } = create();
    records[0]?.done();
    committer.freeze();
    assert.equal(await committer.tick(), 'nothing');
    assert.equal(await committer.flush(), 'failed');
    committer.thaw();
    committer.detach();
    committer.thaw();
    assert.equal(await committer.flush(), 'failed');
    assert.equal(sent.length, 0);
  });

  it('stays frozen after a run that is over, until the next one has joined', async () => {
    const { committer, records, sent } = create();
    records[0]?.done();
    committer.detach();
    committer.attach(() => assert.fail('a batch of the run before is no reason to commit'));
    assert.equal(await committer.tick(), 'nothing');
    assert.deepEqual(sent, []);
  });

  it('tries again after a failure, with what is true then', async () => {
    let isDown = true;
    const { committer, records, sent, messages } = create(async () => {
      if (isDown) throw Object.assign(new Error('refused'), { type: 'GROUP_AUTHORIZATION_FAILED' });
    });
    records[0]?.done();
    assert.equal(await committer.tick(), 'failed');
    records[1]?.done();
    assert.equal(await committer.flush(), 'failed');
    isDown = false;
    assert.equal(await committer.tick(), 'committed');
    assert.deepEqual(offsetsOf(sent), ['1', '2', '2']);
    assert.deepEqual(messages, ['offsets not committed, retrying']);
    assert.deepEqual(committer.counts, { commits: 1, failures: 2 });
  });

  it('takes the answers of a rebalance for what they are', async () => {
    const { committer, records, messages } = create(async () => {
      throw Object.assign(new Error('wrapped'), {
        cause: Object.assign(new Error(), { type: 'ILLEGAL_GENERATION' }),
      });
    });
    records[0]?.done();
    assert.equal(await committer.tick(), 'failed');
    assert.deepEqual(messages, []);
  });
});

function create(answer: SendCommit = async () => undefined) {
  const assignment = new Assignment();
  assignment.joined({ mail: [0] }, 0);
  const intake = assignment.find('mail', 0)?.take(batchOf(range(0, 10)));
  const records: ReceivedRecord[] = intake?.kind === 'taken' ? intake.records : [];
  const { log, messages } = listeningLog();
  const committer = new OffsetCommitter(assignment, log);
  const sent: Parameters<SendCommit>[0][] = [];
  committer.attach((offsets) => {
    sent.push(offsets);
    return answer(offsets);
  });
  committer.thaw();
  return { committer, records, sent, messages };
}

function offsetsOf(sent: readonly Parameters<SendCommit>[0][]): (string | undefined)[] {
  return sent.map(({ topics }) => topics[0]?.partitions[0]?.offset);
}
