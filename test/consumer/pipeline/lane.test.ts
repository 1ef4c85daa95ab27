import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createLane } from '../../../src/consumer/pipeline/lane.ts';
import { createBrake } from '../../support/brakeRows.ts';
import { createFakeProvider } from '../../support/testProviders.ts';

function create(concurrency: number, maxInFlight: number) {
  return createLane({ brake: createBrake(), provider: createFakeProvider({ concurrency }) }, maxInFlight);
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
});
