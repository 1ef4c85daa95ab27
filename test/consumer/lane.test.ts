import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createLane } from '../../src/consumer/lane.ts';
import { createFakeProvider } from '../support/providers.ts';

describe('a lane', () => {
  it('claims what its provider takes in two turns, and sends what it takes in one', () => {
    const lane = createLane('SMS', createFakeProvider({ concurrency: 50 }), 20_000);
    assert.deepEqual([lane.room, lane.claimed.capacity, lane.sending.capacity], [17_500, 100, 50]);
  });

  it('of a provider without a limit claims all of its room', () => {
    const lane = createLane('EMAIL', createFakeProvider(), 20_000);
    assert.deepEqual([lane.room, lane.claimed.capacity], [17_500, 17_500]);
    assert.equal(lane.sending.capacity, Number.POSITIVE_INFINITY);
  });

  it('leaves an eighth of the process to the other channel, and has room for one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 1_000_000 }), fc.nat({ max: 10_000 }), (maxInFlight, extra) => {
        const lane = createLane('EMAIL', createFakeProvider({ concurrency: 1 + extra }), maxInFlight);
        assert.ok(lane.room <= (maxInFlight * 7) / 8);
        assert.ok(lane.claimed.capacity >= 1 && lane.claimed.capacity <= lane.room);
      }),
    );
  });
});
