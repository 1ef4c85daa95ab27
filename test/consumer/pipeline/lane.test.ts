import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OpenBatch } from '../../../src/consumer/pipeline/batchBook.ts';
import { Lane } from '../../../src/consumer/pipeline/lane.ts';
import { createBrake, wordOf } from '../../support/brakeRows.ts';
import { claimOf } from '../../support/claims.ts';
import { billIdOf } from '../../support/notifications.ts';
import { recordOf } from '../../support/records.ts';
import { createFakeProvider } from '../../support/testProviders.ts';

function create(concurrency: number, maxInFlight: number) {
  return new Lane({ brake: createBrake(), provider: createFakeProvider({ concurrency }), maxInFlight });
}

describe('a lane', () => {
  it('claims what its provider takes in two turns', () => {
    const lane = create(50, 20_000);
    assert.deepEqual([lane.room, lane.claimed.capacity], [17_500, 100]);
  });

  it('of a provider without a limit claims all of its room', () => {
    const lane = create(Number.POSITIVE_INFINITY, 20_000);
    assert.deepEqual([lane.room, lane.claimed.capacity], [17_500, 17_500]);
  });

  it('leaves an eighth of the process to the other channel, and has room for one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 1_000_000 }), fc.nat({ max: 10_000 }), (maxInFlight, extra) => {
        const lane = create(1 + extra, maxInFlight);
        assert.ok(lane.room <= (maxInFlight * 7) / 8);
        assert.ok(lane.claimed.capacity >= 1 && lane.claimed.capacity <= lane.room);
      }),
    );
  });

  it('holds the room of a record until its one end: skipped, postponed, or its bill closed', () => {
    const lane = create(50, 20_000);
    const [skipped, postponed, claimed] = [1, 2, 3].map((id) => recordOf(billIdOf(String(id)), { size: 10 }));
    assert.ok(skipped && postponed && claimed);
    lane.brake.applyWord(wordOf());
    lane.receive([skipped, postponed, claimed]);
    assert.equal(lane.nextBatch(500)?.records.length, 3);
    let closed = 0;
    const bill = lane.claim(claimed, claimOf(), new OpenBatch(1, () => void closed++));
    lane.skip(skipped);
    lane.postpone([postponed]);
    assert.deepEqual([lane.claimed.taken, lane.inFlight, skipped.doneTimes()], [1, 2, 1]);
    bill.close();
    assert.deepEqual([lane.claimed.taken, lane.inFlight, claimed.doneTimes(), closed], [0, 1, 1, 1]);
    assert.throws(() => bill.close(), /closed already/);
    assert.deepEqual([lane.isIdle, postponed.doneTimes()], [false, 0]);
    lane.batchEnded();
    assert.equal(lane.isIdle, true);
  });
});
