import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChannelBrake } from '../../../src/policy/brake/channelBrake.ts';
import { RateLine } from '../../../src/policy/rate/rateLine.ts';
import { createBrake, createOpenBrake, noLimits, prove, wordOf } from '../../support/brakeRows.ts';
import { billIdOf } from '../../support/notifications.ts';
import { recordOf } from '../../support/records.ts';
import { createChannelLanes } from '../../support/testLanes.ts';
import { createFakeProvider } from '../../support/testProviders.ts';

const weights = [80, 20] as const;

/** Two providers with room for 100 bills each, and an endless supply of records. */
function create(brakes: readonly [ChannelBrake, ChannelBrake] = [openBrake('ses'), openBrake('postmark')]) {
  const routes = brakes.map((brake, index) => ({
    brake,
    provider: createFakeProvider({ concurrency: 50 }),
    weight: weights[index] ?? 0,
  }));
  const channel = createChannelLanes(routes, 20_000);
  channel.receive(Array.from({ length: 2_000 }, (_, id) => recordOf(billIdOf(String(id + 1)))));
  return { channel, brakes };
}

function openBrake(provider: string): ChannelBrake {
  return createOpenBrake(`EMAIL/${provider}`);
}

/** Takes batches of up to 20 bills, each of which is over at once, and says how many each lane got. */
function deal(channel: ReturnType<typeof create>['channel'], batches: number): number[] {
  const got = [0, 0];
  for (let taken = 0; taken < batches; taken++) {
    const next = channel.nextBatch(20);
    if (next === undefined) break;
    const { lane, batch } = next;
    got[channel.lanes.indexOf(lane)] = (got[channel.lanes.indexOf(lane)] ?? 0) + batch.records.length;
    for (const record of batch.records) lane.skip(record);
    lane.batchEnded();
  }
  return got;
}

describe('the lanes of a channel', () => {
  it('take bills by weight', () => {
    assert.deepEqual(deal(create().channel, 50), [400, 100]);
  });

  it('wait for the one whose turn it is while it only works on what it has', () => {
    const { channel } = create();
    const got = [0, 0];
    for (let next = channel.nextBatch(20); next !== undefined; next = channel.nextBatch(20)) {
      const index = channel.lanes.indexOf(next.lane);
      got[index] = (got[index] ?? 0) + next.batch.records.length;
      next.lane.batchEnded();
    }
    assert.ok(got[0] === 100 && (got[1] ?? 0) <= 32, String(got));
  });

  it('pass over a provider whose brake is on, which gets no more than its part afterwards', () => {
    const { channel, brakes } = create();
    brakes[0].applyWord(wordOf({ kind: 'unreachable' }));
    assert.deepEqual(deal(channel, 25), [0, 100]);
    brakes[0].applyWord(wordOf({ releasedAtMs: 1 }));
    prove(brakes[0]);
    const [ses = 0, postmark = 0] = deal(channel, 50);
    assert.ok(Math.abs(ses - 4 * postmark) <= 40, `${ses}:${postmark}`);
  });

  it('pass over a provider whose bills wait for its rate', () => {
    const rate = new RateLine({ perSecond: 50, reserve: () => Promise.resolve(undefined) });
    const slow = createBrake({ route: 'EMAIL/ses', limits: noLimits, rate });
    slow.applyWord(wordOf({ limits: noLimits }));
    const { channel } = create([slow, openBrake('postmark')]);
    const [lane, other] = channel.lanes;
    const first = channel.nextBatch(20);
    assert.equal(first?.lane, lane);
    void slow.gate.take(first?.batch.records.length ?? 0);
    const got = [0, 0];
    for (let taken = 0; taken < 10; taken++) {
      const next = channel.nextBatch(20);
      if (next === undefined) break;
      const index = next.lane === other ? 1 : 0;
      got[index] = (got[index] ?? 0) + 1;
      if (next.lane !== other) continue;
      for (const record of next.batch.records) next.lane.skip(record);
      next.lane.batchEnded();
    }
    rate.stop();
    assert.ok((got[1] ?? 0) >= 7, String(got));
  });

  it('take nothing if no provider can be used, and one bill for the one that is tried', () => {
    const { channel, brakes } = create([createBrake({ route: 'EMAIL/ses' }), openBrake('postmark')]);
    for (const brake of brakes) brake.applyWord(wordOf({ kind: 'unreachable' }));
    assert.equal(channel.nextBatch(20), undefined);
    brakes[1].grantTrial({
      brake: 'EMAIL/postmark',
      expiresAtMs: Number.POSITIVE_INFINITY,
      intervalMs: 5_000,
    });
    const next = channel.nextBatch(20);
    assert.equal(next?.lane, channel.lanes[1]);
    assert.deepEqual([next?.batch.records.length, next?.batch.trial?.brake], [1, 'EMAIL/postmark']);
  });
});
