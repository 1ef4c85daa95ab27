import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { perChannel } from '../../../src/channels.ts';
import type { TopicRecord } from '../../../src/kafka/readTopics.ts';
import { poisonHeader } from '../../../tools/chaos/poisonChecker.ts';
import {
  type BillRow,
  duplicateHeader,
  findLostLetters,
  findLostRecords,
  findUnexplained,
  type Publication,
} from '../../../tools/chaos/topicChecker.ts';

const topics = { ...perChannel((channel) => channel.toLowerCase()), deadLetter: 'dead' };
function row(changes: Partial<BillRow> = {}): BillRow {
  return {
    billId: '7',
    memberId: '3',
    status: 'DELIVERED',
    channel: 'EMAIL',
    cycle: 1,
    comesAgain: false,
    ...changes,
  };
}
function record(changes: Partial<TopicRecord> & { text?: string } = {}): TopicRecord {
  return {
    topic: 'email',
    partition: 0,
    offset: '5',
    key: Buffer.from('7'),
    headers: {},
    value: Buffer.from(changes.text ?? '{"memberId":3,"billId":7}'),
    ...changes,
  };
}
function letter(cycle: number, changes: Partial<TopicRecord> = {}): TopicRecord {
  return record({
    topic: 'dead',
    text: `{"memberId":3,"billId":7,"cycle":${cycle},"channel":"SMS"}`,
    headers: { 'billcast-reason': 'SMS_REFUSED' },
    ...changes,
  });
}

describe('the letters of bills that failed', () => {
  const lost = (of: BillRow, ...records: TopicRecord[]) => findLostLetters([of], records, topics).length;

  it('are one for each cycle that failed, the ones before the last included', () => {
    assert.equal(lost(row()), 0);
    assert.equal(lost(row({ status: 'FAILED' })), 1);
    assert.equal(lost(row({ status: 'FAILED' }), letter(1)), 0);
    assert.equal(lost(row({ cycle: 3 }), letter(2)), 1);
    assert.equal(lost(row({ status: 'FAILED', cycle: 2 }), letter(1), letter(2)), 0);
  });

  it('are not letters of poison, of other bills, or in other topics', () => {
    const failed = row({ status: 'FAILED' });
    assert.equal(lost(failed, letter(1, { headers: { 'billcast-topic': 'email' } })), 1);
    assert.equal(lost(failed, letter(1, { key: Buffer.from('77') })), 1);
    assert.equal(lost(failed, letter(1, { topic: 'sms' })), 1);
  });
});

describe('the records that rows say are published', () => {
  const mark = (changes: Partial<Publication> = {}): Publication => ({
    billId: '7',
    kind: 'EMAIL',
    cycle: 1,
    times: 1,
    ...changes,
  });
  const lost = (marks: Publication[], ...records: TopicRecord[]) => findLostRecords(marks, records, topics);

  it('are in their topic at least as often', () => {
    assert.deepEqual(lost([mark()], record()), []);
    assert.deepEqual(lost([mark()], record(), record()), []);
    assert.deepEqual(lost([mark({ times: 2 })], record()), [
      'record lost: EMAIL of bill 7 was published 2 times, and is there 1 times',
    ]);
    assert.equal(lost([mark(), mark({ cycle: 2 })], record()).length, 1, 'of all cycles together');
    assert.equal(lost([mark({ kind: 'SMS' })], record()).length, 1);
    assert.equal(lost([mark({ kind: 'DEAD LETTER', cycle: 2 })], letter(1)).length, 1);
    assert.equal(lost([mark({ kind: 'DEAD LETTER', cycle: 2 })], letter(2)).length, 0);
  });

  it('are not those that a fault published', () => {
    assert.equal(lost([mark()], record({ headers: { [duplicateHeader]: '1' } })).length, 1);
  });
});

describe('a record', () => {
  const unexplained = (of: Partial<BillRow>, ...records: TopicRecord[]) =>
    findUnexplained({ rows: [row(of)], poisoned: new Map([['0', 'EVENT_EMPTY']]), records, topics }).length;
  const poison = record({ headers: { [poisonHeader]: '0' }, text: '', key: null });
  const ofPoison = {
    'billcast-topic': 'email',
    'billcast-partition': '0',
    'billcast-offset': '5',
  };

  it('is explained by its bill and member, or by poison', () => {
    assert.equal(unexplained({}, record()), 0);
    assert.equal(unexplained({}, record({ text: '{"memberId":"3","billId":"7"}' })), 0);
    assert.equal(unexplained({}, poison, record({ topic: 'dead', headers: ofPoison })), 0);
    assert.equal(unexplained({ cycle: 2 }, letter(1)), 0);
    assert.equal(unexplained({ status: 'FAILED' }, letter(1)), 0);
  });

  it('is not by another bill or member, a cycle that did not fail, or a place without poison', () => {
    assert.equal(unexplained({}, record({ text: '{"memberId":4,"billId":7}' })), 1);
    assert.equal(unexplained({}, record({ text: '{"memberId":3,"billId":8}' })), 1);
    assert.equal(unexplained({}, record({ key: Buffer.from('8') })), 1);
    assert.equal(unexplained({}, record({ text: 'not JSON' })), 1);
    assert.equal(unexplained({}, letter(1)), 1);
    assert.equal(unexplained({ status: 'FAILED' }, letter(2)), 1);
    assert.equal(unexplained({}, record({ topic: 'dead', headers: ofPoison })), 1);
  });
});
