import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OpenBatch } from '../../../src/consumer/pipeline/batchBook.ts';
import { createBrake, prove, wordOf } from '../../support/brakeRows.ts';
import { claimOf } from '../../support/claims.ts';
import { billIdOf } from '../../support/notifications.ts';
import { recordOf } from '../../support/records.ts';
import { createChannelLanes, firstLane } from '../../support/testLanes.ts';
import { createFakeProvider } from '../../support/testProviders.ts';

function create(concurrency: number, maxInFlight: number) {
  const route = {
    brake: createBrake({ capacity: concurrency }),
    provider: createFakeProvider({ concurrency }),
  };
  const channel = createChannelLanes([route], maxInFlight);
  return { channel, lane: firstLane(channel), room: channel.records.room };
}

describe('a lane', () => {
  it('claims what its provider takes in two turns', () => {
    const { lane, room } = create(50, 20_000);
    assert.deepEqual([room, lane.mostClaimed], [17_500, 100]);
  });

  it('claims full batches for a provider that takes few at a time, if it answers quickly', () => {
    const { lane, channel } = create(20, 20_000);
    const records = Array.from({ length: 2_000 }, (_, id) => recordOf(billIdOf(String(id + 1))));
    lane.brake.applyWord(wordOf());
    channel.receive(records);
    assert.equal(channel.nextBatch(500)?.batch.records.length, 40);
    prove(lane.brake);
    for (let answer = 0; answer < 20; answer++) {
      lane.brake.gate.takeOne();
      assert.equal(lane.brake.gate.turn(), undefined);
      lane.brake.gate.ended(3);
    }
    assert.equal(lane.mostClaimed, 13_333);
    assert.deepEqual(
      [1, 2, 3].map(() => channel.nextBatch(500)?.batch.records.length),
      [500, 500, 500],
    );
  });

  it('of a provider without a limit claims all of its room', () => {
    const { lane, room } = create(Number.POSITIVE_INFINITY, 20_000);
    assert.deepEqual([room, lane.mostClaimed], [17_500, 17_500]);
  });

  it('leaves an eighth of the process to the other channel, and has room for one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 1_000_000 }), fc.nat({ max: 10_000 }), (maxInFlight, extra) => {
        const { lane, room } = create(1 + extra, maxInFlight);
        assert.ok(room <= (maxInFlight * 7) / 8);
        assert.ok(lane.mostClaimed >= 1 && lane.mostClaimed <= room);
      }),
    );
  });

  it('holds the room of a record until its one end: skipped, postponed, or its bill closed', () => {
    const { lane, channel } = create(50, 20_000);
    const [skipped, postponed, claimed] = [1, 2, 3].map((id) => recordOf(billIdOf(String(id)), { size: 10 }));
    assert.ok(skipped && postponed && claimed);
    lane.brake.applyWord(wordOf());
    channel.receive([skipped, postponed, claimed]);
    assert.equal(channel.nextBatch(500)?.batch.records.length, 3);
    let closed = 0;
    const bill = lane.claim(claimed, claimOf(), new OpenBatch(1, () => void closed++));
    lane.skip(skipped);
    lane.postpone([postponed]);
    assert.deepEqual([lane.claimed.taken, channel.inFlight, skipped.doneTimes()], [1, 2, 1]);
    bill.close();
    assert.deepEqual([lane.claimed.taken, channel.inFlight, claimed.doneTimes(), closed], [0, 1, 1, 1]);
    assert.throws(() => bill.close(), /closed already/);
    assert.deepEqual([lane.isIdle, postponed.doneTimes()], [false, 0]);
    lane.batchEnded();
    assert.equal(lane.isIdle, true);
  });
});
