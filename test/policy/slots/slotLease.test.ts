import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type SlotHolders, shareSlots } from '../../../src/policy/slots/shareSlots.ts';
import { claimable, grantMs, SlotLease } from '../../../src/policy/slots/slotLease.ts';
import { VirtualTime } from '../../support/rateSimulation.ts';

const limit = 12;
const sendMs = 300;
const ttlMs = 7_000;

/** Processes with bills without end, and the sends that the provider has open. */
class Cluster {
  readonly time = new VirtualTime();
  holders: SlotHolders = {};
  open = 0;
  most = 0;
  sent = 0;
  isDatabaseAway = false;

  start(holder: string): { stop(): Promise<void>; kill(): void } {
    let [taken, isAlive, wants] = [0, true, true];
    const lease = new SlotLease({
      now: () => this.time.nowMs,
      startTimer: (run, afterMs) => this.time.after(afterMs, () => isAlive && run()),
      ask: async ({ want, keep }) => {
        if (this.isDatabaseAway) return undefined;
        const ask = { holder, want: Math.min(want, limit), keep, limit, ttlMs };
        const answer = shareSlots(this.holders, ask, this.time.nowMs);
        this.holders = answer.holders;
        return answer;
      },
    });
    const send = (): void => {
      while (wants && taken < lease.granted) {
        taken++;
        this.sent++;
        this.most = Math.max(this.most, ++this.open);
        this.time.after(sendMs, () => {
          this.open--;
          taken--;
          if (isAlive) send();
        });
      }
    };
    lease.serve(() => ({ taken, waiting: wants ? 100 : 0 }), send);
    lease.need();
    return {
      stop: () => {
        wants = false;
        return lease.stop();
      },
      kill: () => {
        [isAlive, wants] = [false, false];
      },
    };
  }

  async run(untilMs: number): Promise<void> {
    await this.time.runUntil(untilMs);
  }
}

describe('a lease of slots', () => {
  it('is all of one process, then a part, and all again if the others stop or are killed', async () => {
    const cluster = new Cluster();
    cluster.start('a');
    await cluster.run(1_000);
    assert.equal(cluster.open, limit, 'alone');
    const others = ['b', 'c', 'd'].map((name) => cluster.start(name));
    await cluster.run(6_000);
    const parts = Object.values(cluster.holders).map(({ slots }) => slots);
    assert.deepEqual(parts, [3, 3, 3, 3]);
    assert.equal(cluster.open, limit, 'shared');
    await others[0]?.stop();
    others[1]?.kill();
    await cluster.run(20_000);
    assert.equal(Object.keys(cluster.holders).length, 2);
    assert.equal(cluster.open, limit, 'of those who are left');
    assert.equal(cluster.most, limit);
  });

  it('counts the time of a grant from when it was asked for, and gives all back when it stops', async () => {
    const time = new VirtualTime();
    const asks: number[] = [];
    const lease = new SlotLease({
      now: () => time.nowMs,
      startTimer: (run, afterMs) => time.after(afterMs, run),
      ask: ({ want }) => {
        asks.push(want);
        const grant = { slots: limit, target: limit };
        return asks.length > 1
          ? Promise.resolve(undefined)
          : new Promise((given) => time.after(400, () => given(grant)));
      },
    });
    assert.equal(claimable({ lease }, 100), 2, 'so that some wait, and slots are asked for');
    await time.runUntil(500);
    assert.equal(claimable({ lease, line: { meanMs: 10 } }, 20_000), 200 * limit, 'two seconds of it');
    assert.deepEqual(
      [lease.granted, claimable({ lease }, 100), claimable({ lease }, 5)],
      [limit, 2 * limit, 10],
    );
    time.nowMs = grantMs;
    assert.equal(lease.granted, 0);
    await lease.stop();
    assert.equal(asks.at(-1), 0);
  });

  it('lets nothing begin for long if the database is away', async () => {
    const cluster = new Cluster();
    cluster.start('a');
    await cluster.run(1_000);
    cluster.isDatabaseAway = true;
    await cluster.run(7_000);
    assert.equal(cluster.open, 0);
    cluster.isDatabaseAway = false;
    await cluster.run(9_000);
    assert.equal(cluster.open, limit);
  });
});
