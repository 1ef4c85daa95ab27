import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { perChannel } from '../../src/channels.ts';
import type { OwedEvent } from '../../src/db/transitions/outbox.ts';
import { isSendable, poisonLetter, shorterLetters, toOutgoing } from '../../src/relay/owedRecords.ts';
import { billIdOf, memberIdOf } from '../support/notifications.ts';

const topics = { ...perChannel((channel) => channel), EMAIL: 'e', SMS: 's', deadLetter: 'd' };
const now = new Date('2026-11-23T09:00:00Z');

function owed(facts: Partial<OwedEvent> = {}): OwedEvent {
  return {
    billId: billIdOf(2),
    memberId: memberIdOf(1),
    channel: 'EMAIL',
    sendStatus: 'PENDING',
    cycle: 1,
    attempts: 0,
    reason: null,
    publishSeq: 1,
    notBefore: '-infinity',
    ...facts,
  };
}

describe('what a row owes', () => {
  it('PENDING: the event of its channel, keyed by the bill', () => {
    assert.deepEqual(toOutgoing(owed(), topics), [
      { topic: 'e', key: '2', value: '{"memberId":1,"billId":2}' },
    ]);
    assert.deepEqual(toOutgoing(owed({ channel: 'SMS', cycle: 2, reason: 'EMAIL_REFUSED' }), topics), [
      { topic: 's', key: '2', value: '{"memberId":1,"billId":2}' },
    ]);
  });

  it('FAILED: its dead letter with the reason, when, and after how many attempts', () => {
    const failed = owed({
      sendStatus: 'FAILED',
      channel: 'SMS',
      cycle: 3,
      attempts: 2,
      reason: 'SMS_REFUSED',
    });
    assert.deepEqual(toOutgoing(failed, topics, now), [
      {
        topic: 'd',
        key: '2',
        value: '{"memberId":1,"billId":2,"cycle":3,"channel":"SMS"}',
        headers: {
          'billcast-reason': 'SMS_REFUSED',
          'billcast-at': '2026-11-23T09:00:00.000Z',
          'billcast-attempts': '2',
        },
      },
    ]);
  });

  for (const sendStatus of ['SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'CANCELLED'] as const) {
    it(`${sendStatus}: nothing more`, () => assert.deepEqual(toOutgoing(owed({ sendStatus }), topics), []));
  }

  it('writes ids up to 2^53 - 1 as numbers, and beyond as text', () => {
    const valueFor = (id: string, sendStatus: 'PENDING' | 'FAILED') =>
      toOutgoing(owed({ billId: billIdOf(id), memberId: memberIdOf(id), sendStatus }), topics)[0]?.value;
    const [largest, beyond] = ['9007199254740991', '9007199254740992'];
    assert.equal(valueFor(largest, 'PENDING'), `{"memberId":${largest},"billId":${largest}}`);
    assert.equal(valueFor(beyond, 'PENDING'), `{"memberId":"${beyond}","billId":"${beyond}"}`);
    assert.ok(String(valueFor('9223372036854775807', 'FAILED')).includes('"billId":"9223372036854775807"'));
  });
});

describe('an event', () => {
  it('cannot name ids below 1; a dead letter can', () => {
    const bad = [{ billId: billIdOf(0) }, { billId: billIdOf(-5) }, { memberId: memberIdOf(0) }];
    for (const ids of bad) {
      assert.equal(isSendable(owed(ids)), false);
      assert.equal(isSendable(owed({ ...ids, sendStatus: 'FAILED' })), true);
    }
    assert.equal(isSendable(owed()), true);
  });
});

describe('the dead letter of a record', () => {
  it('is the record byte for byte, with where it came from', () => {
    const key = Buffer.from([0, 255]);
    const value = Buffer.from('{"bi');
    const record = {
      topic: 'e',
      partition: 3,
      offset: '9007199254740993',
      reason: 'EVENT_NOT_JSON' as const,
      key,
      value,
    };
    assert.deepEqual(poisonLetter(record, topics, now), {
      topic: 'd',
      key,
      value,
      headers: {
        'billcast-reason': 'EVENT_NOT_JSON',
        'billcast-topic': 'e',
        'billcast-partition': '3',
        'billcast-offset': '9007199254740993',
        'billcast-at': '2026-11-23T09:00:00.000Z',
      },
    });
  });
});

describe('a dead letter that its topic does not take', () => {
  it('is published without its value, or also without its key, and says how many bytes are missing', () => {
    const headers = { 'billcast-reason': 'EVENT_TOO_LARGE' };
    assert.deepEqual(
      shorterLetters({ topic: 'd', key: Buffer.from('한'), value: Buffer.alloc(9), headers }),
      [
        {
          topic: 'd',
          key: Buffer.from('한'),
          value: null,
          headers: { ...headers, 'billcast-truncated': '9' },
        },
        { topic: 'd', key: null, value: null, headers: { ...headers, 'billcast-truncated': '12' } },
      ],
    );
  });
});
