import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OffsetTracker } from '../../../src/consumer/intake/offsetTracker.ts';
import { receive } from '../../../src/consumer/intake/receivedRecord.ts';
import type { FetchedMessage, UnreadBatch } from '../../../src/kafka/recordBatch.ts';

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

function receiveAll(messages: readonly { key: Buffer | null; value: Buffer | null }[]) {
  const tracker = new OffsetTracker();
  const held = messages.map((message, index) => {
    const fetched: FetchedMessage = {
      ...message,
      offset: String(40 + index),
      timestamp: `179545619397${index}`,
    };
    return { message: fetched, entry: tracker.received(40 + index) ?? Number.NaN };
  });
  return { tracker, records: receive({ topic: 'bill.email', partition: 3, tracker }, held) };
}

describe('received records', () => {
  it('say what they are, and where and when they came', () => {
    const { records } = receiveAll([
      { key: bytes('2'), value: bytes('{"memberId": 1, "billId": 2}') },
      { key: null, value: bytes('nothing') },
      { key: bytes('7'), value: null },
    ]);
    assert.deepEqual(
      records.map(({ topic, partition, offset, timestampMs, event }) => ({
        topic,
        partition,
        offset,
        timestampMs,
        event,
      })),
      [
        { kind: 'event', memberId: '1', billId: '2' },
        { kind: 'poison', reason: 'EVENT_NOT_JSON' },
        { kind: 'poison', reason: 'EVENT_EMPTY' },
      ].map((event, index) => ({
        topic: 'bill.email',
        partition: 3,
        offset: String(40 + index),
        timestampMs: 1_795_456_193_970 + index,
        event,
      })),
    );
  });

  it('keep key and value byte for byte, also if the fetch response is overwritten', () => {
    const response = Buffer.from([0xff, 0x00, 0x80, 0x7b]);
    const messages = [
      { key: response.subarray(0, 2), value: response.subarray(2) },
      { key: null, value: null },
      { key: bytes(''), value: bytes('') },
      { key: null, value: bytes('last') },
    ];
    const before = messages.map(({ key, value }) => ({
      key: key && Buffer.from(key),
      value: value && Buffer.from(value),
    }));
    const { records } = receiveAll(messages);
    response.fill(0);
    assert.deepEqual(
      records.map((record) => record.bytes()),
      before,
    );
  });

  it('of a kilobyte and more have separate memory, which is freed with their bytes', () => {
    const large = Buffer.alloc(2_000, 'x');
    const { records } = receiveAll([
      { key: bytes('a'), value: bytes('{"memberId": 1, "billId": 2}') },
      { key: bytes('b'), value: large },
      { key: null, value: bytes('c') },
      { key: large, value: null },
    ]);
    const [first, second, third, last] = records;
    assert.ok(first && second && third && last);
    assert.deepEqual(
      records.map(({ size }) => size),
      [29, 2_001, 1, 2_000],
    );
    assert.deepEqual(second.bytes(), { key: bytes('b'), value: large });
    assert.deepEqual(last.bytes(), { key: large, value: null });
    assert.equal(second.event.kind, 'poison');
    second.forgetBytes();
    last.done();
    for (const record of [second, last]) assert.deepEqual(record.bytes(), { key: null, value: null });
    assert.deepEqual([second.size, second.event.kind], [2_001, 'poison']);
    assert.deepEqual(first.bytes().key, bytes('a'));
    assert.deepEqual(third.bytes(), { key: null, value: bytes('c') });
  });

  it('stand for a whole batch, if that was not read', () => {
    const unread: UnreadBatch = {
      firstOffset: '30',
      lastOffset: '40',
      records: 11,
      bytes: 6,
      reason: 'BATCH_TOO_LARGE',
      compression: 'zstd',
    };
    const tracker = new OffsetTracker();
    const message = { offset: '40', timestamp: '5', key: null, value: bytes('packed'), unread };
    const held = [{ message, entry: tracker.received(40) ?? Number.NaN }];
    const [record] = receive({ topic: 'bill.email', partition: 3, tracker }, held);
    assert.deepEqual(record?.event, { kind: 'poison', reason: 'BATCH_TOO_LARGE' });
    assert.deepEqual(record.batch, unread);
    assert.deepEqual(record.bytes(), { key: null, value: bytes('packed') });
    record.done();
    assert.equal(tracker.watermark, 41);
  });

  it('are done in their own tracker, and not current once it is revoked', () => {
    const { tracker, records } = receiveAll([
      { key: null, value: bytes('a') },
      { key: null, value: bytes('b') },
    ]);
    records[1]?.done();
    assert.equal(tracker.watermark, undefined);
    records[0]?.done();
    assert.equal(tracker.watermark, 42);
    assert.ok(records[0]?.isCurrent());
    tracker.revoke();
    assert.ok(!records[0]?.isCurrent());
  });
});
