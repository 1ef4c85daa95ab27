import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OwnedPartition } from '../../../src/consumer/intake/ownedPartition.ts';
import type { ReceivedRecord } from '../../../src/consumer/intake/receivedRecord.ts';
import { TopicGate } from '../../../src/consumer/intake/topicGate.ts';
import { batchOf } from './fetchedBatch.ts';

describe('TopicGate', () => {
  it('holds a paused topic, in order, and no other', async () => {
    const { gate, delivered, fetching } = createGate();
    gate.offer('mail', recordsAt(0));
    gate.pause('mail');
    gate.offer('mail', recordsAt(1, 2));
    gate.offer('mail', recordsAt(3));
    gate.offer('sms', recordsAt(9));
    assert.deepEqual(delivered, [[0], [9]]);
    assert.equal(gate.held, 3);
    gate.resume('mail');
    assert.deepEqual(delivered, [[0], [9]], 'not inside the caller of resume');
    gate.offer('mail', recordsAt(4));
    await Promise.resolve();
    assert.deepEqual(delivered, [[0], [9], [1, 2], [3], [4]]);
    assert.equal(gate.held, 0);
    assert.deepEqual(fetching, ['mail off', 'mail on']);
  });

  it('stops in the middle when it is paused again', async () => {
    const { gate, delivered, fetching } = createGate((records) => {
      if (records[0]?.offset === '1') gate.pause('mail');
    });
    gate.pause('mail');
    for (const offset of [0, 1, 2]) gate.offer('mail', recordsAt(offset));
    gate.resume('mail');
    await Promise.resolve();
    assert.deepEqual(delivered, [[0], [1]]);
    assert.ok(!gate.isOpen('mail'));
    gate.resume('mail');
    await Promise.resolve();
    assert.deepEqual(delivered, [[0], [1], [2]]);
    assert.equal(fetching.at(-1), 'mail on');
    assert.ok(gate.isOpen('mail'));
  });

  it('drops held records whose partition was lost', async () => {
    const { gate, delivered } = createGate();
    const partition = new OwnedPartition('mail', 0, { distrustFirst: false });
    const intake = partition.take(batchOf([0, 1]));
    gate.pause('mail');
    gate.offer('mail', intake.kind === 'taken' ? intake.records : []);
    partition.revoke();
    gate.resume('mail');
    await Promise.resolve();
    assert.deepEqual(delivered, []);
    assert.ok(gate.isOpen('mail'));
  });

  it('is closed for good', async () => {
    const { gate, delivered, fetching } = createGate();
    gate.pause('mail');
    gate.offer('mail', recordsAt(0));
    gate.close(['mail', 'sms']);
    gate.resume('mail');
    gate.offer('sms', recordsAt(1));
    await Promise.resolve();
    assert.deepEqual(delivered, []);
    assert.equal(gate.held, 0);
    assert.deepEqual(fetching, ['mail off', 'mail off', 'sms off']);
  });

  it('pauses and resumes once, however often it is asked', () => {
    const { gate, fetching } = createGate();
    gate.resume('mail');
    gate.pause('mail');
    gate.pause('mail');
    gate.resume('mail');
    gate.resume('mail');
    assert.deepEqual(fetching, ['mail off', 'mail on']);
  });
});

function createGate(onDeliver: (records: ReceivedRecord[]) => void = () => undefined) {
  const delivered: number[][] = [];
  const fetching: string[] = [];
  const gate = new TopicGate({
    deliver: (records) => {
      delivered.push(records.map(({ offset }) => Number(offset)));
      onDeliver(records);
    },
    setFetching: (topic, isOn) => fetching.push(`${topic} ${isOn ? 'on' : 'off'}`),
  });
  return { gate, delivered, fetching };
}

function recordsAt(...offsets: number[]): ReceivedRecord[] {
  const intake = new OwnedPartition('topic', 0, { distrustFirst: false }).take(batchOf(offsets));
  return intake.kind === 'taken' ? intake.records : [];
}
