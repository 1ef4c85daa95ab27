import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ByteRoom } from '../../src/policy/byteRoom.ts';

describe('ByteRoom', () => {
  it('serves those who wait in their order, as bytes come back', async () => {
    const room = new ByteRoom(100);
    await room.take(60);
    const served: string[] = [];
    const large = room.take(50).then(() => served.push('large'));
    const small = room.take(10).then(() => served.push('small'));
    await Promise.resolve();
    assert.deepEqual([served, room.taken], [[], 60]);
    room.release(20);
    await Promise.all([large, small]);
    assert.deepEqual([served, room.taken], [['large', 'small'], 100]);
  });

  it('gives all of itself to what is larger, and to nobody else meanwhile', async () => {
    const room = new ByteRoom(100);
    await room.take(1_000);
    let isServed = false;
    const next = room.take(1).then(() => {
      isServed = true;
    });
    await Promise.resolve();
    assert.equal(isServed, false);
    room.release(1_000);
    await next;
    assert.equal(room.taken, 1);
  });

  it('takes nothing for nothing, and gives back no more than was taken', async () => {
    const room = new ByteRoom(10);
    await room.take(0);
    assert.throws(() => room.release(1), RangeError);
  });
});
