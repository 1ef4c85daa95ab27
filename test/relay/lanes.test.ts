import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLanes } from '../../src/relay/lanes.ts';

function arrange() {
  let now = 0;
  const lanes = createLanes(() => now);
  const lane = lanes.ofPartition({ topic: 't', partition: 3 });
  return {
    lanes,
    lane,
    pass: (ms: number) => {
      now += ms;
    },
    now: () => now,
  };
}

describe('a lane', () => {
  it('takes nothing that was read before its last mark', () => {
    const { lane, pass, now } = arrange();
    const readAt = now();
    lane.begin();
    assert.equal(lane.isFree(readAt), false);
    pass(10);
    lane.end();
    assert.equal(lane.isFree(readAt), false, 'the row may be marked meanwhile');
    assert.equal(lane.isFree(now()), true);
  });

  it('waits longer after each failure, 15 s at most, and not at all after a success', () => {
    const { lane, pass, now } = arrange();
    const waited: number[] = [];
    for (let failure = 0; failure < 10; failure++) {
      lane.fail(new Error('no'));
      const since = now();
      while (!lane.isFree(now())) pass(10);
      waited.push(now() - since);
    }
    assert.ok(waited.every((ms, index) => ms >= Math.min(187, 250 * 2 ** index * 0.75)));
    assert.ok(waited.every((ms, index) => ms <= Math.min(15_010, 250 * 2 ** index + 10)));
    assert.equal(lane.isOnTrial(), true);
    lane.succeed();
    assert.deepEqual([lane.isOnTrial(), lane.isFree(now())], [false, true]);
  });

  it('reports each failure, and once that it works again', () => {
    const { lanes, lane, pass } = arrange();
    const error = new Error('no');
    lane.fail(error);
    lane.fail(error);
    pass(1_000);
    assert.deepEqual(lanes.takeChanges(), [
      { kind: 'blocked', lane, error },
      { kind: 'blocked', lane, error },
    ]);
    lane.succeed();
    lane.succeed();
    assert.deepEqual(lanes.takeChanges(), [{ kind: 'working', lane, blockedMs: 1_000 }]);
  });

  it('has what it left read again once, when it is free', () => {
    const { lanes, lane, pass } = arrange();
    let fetched = 0;
    lane.fail(new Error('no'));
    for (let left = 0; left < 5; left++) lane.leave(() => fetched++);
    lanes.fetchLeft();
    assert.equal(fetched, 0);
    pass(20_000);
    lanes.fetchLeft();
    lanes.fetchLeft();
    assert.equal(fetched, 1);
  });
});
