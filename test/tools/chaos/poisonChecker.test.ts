import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TopicRecord } from '../../../src/kafka/readTopics.ts';
import { findLostPoison, poisonHeader } from '../../../tools/chaos/poisonChecker.ts';

function record(change: Partial<TopicRecord>): TopicRecord {
  return {
    topic: 'email',
    partition: 2,
    offset: '17',
    key: Buffer.from('7'),
    value: Buffer.from('not JSON'),
    headers: { [poisonHeader]: '0' },
    ...change,
  };
}
function letter(headers: Record<string, string>, change: Partial<TopicRecord> = {}): TopicRecord {
  return record({ topic: 'dead', offset: '3', headers: { ...lettersHeaders, ...headers }, ...change });
}
const lettersHeaders = {
  'billcast-reason': 'EVENT_NOT_JSON',
  'billcast-topic': 'email',
  'billcast-partition': '2',
  'billcast-offset': '17',
};
function lost(...records: TopicRecord[]) {
  return findLostPoison(new Map([['0', 'EVENT_NOT_JSON']]), records, 'dead');
}
const none = ['poison in email/2@17 (EVENT_NOT_JSON): no dead letter'];
const wrong = ['poison in email/2@17 (EVENT_NOT_JSON): a dead letter with another reason or other bytes'];

describe('the account of poison', () => {
  it('has nothing to say of a record with its dead letter, once or more often', () => {
    assert.deepEqual(lost(record({}), letter({})), []);
    assert.deepEqual(lost(record({}), letter({}), letter({})), []);
    assert.deepEqual(lost(record({ value: null }), letter({}, { value: null })), []);
  });

  it('reports a record that has no letter, or only that of another place', () => {
    assert.deepEqual(lost(record({})), none);
    for (const [name, value] of [
      ['billcast-topic', 'sms'],
      ['billcast-partition', '1'],
      ['billcast-offset', '18'],
    ] as const) {
      assert.deepEqual(lost(record({}), letter({ [name]: value })), none);
    }
  });

  it('does not count the letter of a bill that failed', () => {
    const ofBill = { 'billcast-reason': 'EVENT_NOT_JSON', 'billcast-attempts': '1' };
    assert.deepEqual(lost(record({}), record({ topic: 'dead', headers: ofBill })), none);
  });

  it('wants the reason and every byte', () => {
    assert.deepEqual(lost(record({}), letter({ 'billcast-reason': 'EVENT_EMPTY' })), wrong);
    assert.deepEqual(lost(record({}), letter({}, { value: Buffer.from('not JSOM') })), wrong);
    assert.deepEqual(lost(record({ value: Buffer.alloc(0) }), letter({}, { value: null })), wrong);
    assert.deepEqual(lost(record({}), letter({}, { key: null })), wrong);
  });

  it('wants a letter for each time that it was written', () => {
    assert.deepEqual(lost(record({ offset: '18' }), record({}), letter({})), [
      'poison in email/2@18 (EVENT_NOT_JSON): no dead letter',
    ]);
  });

  it('reports an acknowledged record that is not in its topic, and no other record', () => {
    assert.deepEqual(lost(record({ headers: {} }), letter({})), [
      'poison 0 (EVENT_NOT_JSON): not in its topic, although acknowledged',
    ]);
  });
});
