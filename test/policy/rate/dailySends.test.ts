import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DailySends } from '../../../src/policy/rate/dailySends.ts';
import { VirtualTime } from '../../support/rateSimulation.ts';

const dayMs = 24 * 60 * 60_000;
const longestStartMs = 10_000;

/** The rows of `warmup_day`, as `reserveMails` changes them; a day has `perDay` mails. */
class SimulatedDays {
  isDown = false;
  readonly #reserved = new Map<number, number>();
  readonly #perDay: number;

  constructor(perDay: number) {
    this.#perDay = perDay;
  }

  reserve(count: number, nowMs: number) {
    if (this.isDown) return undefined;
    const day = Math.floor(nowMs / dayMs);
    const before = this.#reserved.get(day) ?? 0;
    const isGranted = before + count <= this.#perDay;
    const reserved = isGranted ? before + count : before;
    this.#reserved.set(day, reserved);
    const nextMs = (day + 1) * dayMs;
    return { day: String(day), isGranted, left: this.#perDay - reserved, endsMs: nextMs, nextMs };
  }
}

function openQuota(time: VirtualTime, days: SimulatedDays): DailySends {
  return new DailySends({
    longestStartMs,
    now: () => time.nowMs,
    startTimer: (run, afterMs) => time.after(afterMs, run),
    reserve: async (count) => days.reserve(count, time.nowMs),
  });
}

describe('a number of sends per day', () => {
  it('is never exceeded by all processes together, is nearly used, and the rest is sent on the next day', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        async (perDay, processes, unsentOf10) => {
          const time = new VirtualTime();
          const days = new SimulatedDays(perDay);
          const quotas = Array.from({ length: processes }, () => openQuota(time, days));
          const sent: number[] = [];
          const attempt = async (bill: number): Promise<void> => {
            const quota = quotas[bill % processes];
            const waitMs = (await quota?.waitMs()) ?? 0;
            if (waitMs > 0) {
              time.after(waitMs, () => void attempt(bill));
            } else if (bill % 10 < unsentOf10 && time.nowMs < 60_000) {
              quota?.giveBack(1, time.nowMs);
              time.after(60_000, () => void attempt(bill));
            } else {
              sent.push(Math.floor(time.nowMs / dayMs));
            }
          };
          for (let bill = 0; bill < perDay * 2; bill++) time.after(bill, () => void attempt(bill));
          await time.runUntil(2 * dayMs);
          const byDay = Map.groupBy(sent, (day) => day);
          for (const [day, mails] of byDay) {
            assert.ok(mails.length <= perDay, `${mails.length} of ${perDay} on day ${day}`);
          }
          const lost = processes * Math.max(1, Math.ceil(perDay * 0.02));
          assert.ok((byDay.get(0)?.length ?? 0) >= perDay - lost, `${byDay.get(0)?.length} of ${perDay}`);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('begins nothing in the last seconds of a day, and says when the next one has room', async () => {
    const time = new VirtualTime();
    const quota = openQuota(time, new SimulatedDays(100));
    let rooms = 0;
    quota.onRoom(() => {
      rooms++;
    });
    quota.want();
    await time.runUntil(1);
    assert.deepEqual([quota.left, rooms], [1, 1]);
    time.nowMs = dayMs - longestStartMs;
    assert.equal(quota.left, 0);
    quota.want();
    assert.equal(quota.isUsedUp, true);
    assert.ok((await quota.waitMs()) >= longestStartMs);
    await time.runUntil(dayMs);
    assert.deepEqual([quota.isUsedUp, rooms], [false, 2]);
  });

  it('takes nothing back of a day that is over', async () => {
    const time = new VirtualTime();
    const quota = openQuota(time, new SimulatedDays(1));
    assert.equal(await quota.waitMs(), 0);
    time.nowMs = dayMs + 5;
    assert.equal(await quota.waitMs(), 0);
    quota.giveBack(1, dayMs - longestStartMs);
    assert.equal(quota.left, 0);
    quota.giveBack(1, dayMs + 6);
    assert.equal(quota.left, 1);
  });

  it('keeps nothing of its block for the next day', async () => {
    const time = new VirtualTime();
    const quota = openQuota(time, new SimulatedDays(200));
    for (let mail = 0; mail < 2; mail++) assert.equal(await quota.waitMs(), 0);
    assert.equal(quota.left, 3, 'of a block of four');
    time.nowMs = dayMs + 1;
    assert.equal(quota.left, 0);
    quota.want();
    await time.runUntil(dayMs + 2);
    assert.equal(quota.left, 4);
  });

  it('lets nothing out while the database does not answer, nor when the process stops', async () => {
    const time = new VirtualTime();
    const days = new SimulatedDays(10);
    days.isDown = true;
    const quota = openQuota(time, days);
    const waitMs = await quota.waitMs();
    assert.ok(waitMs >= 1_000 && waitMs < 2_000, String(waitMs));
    days.isDown = false;
    assert.equal(await quota.waitMs(), 0);
    quota.stop();
    quota.take(quota.left);
    assert.ok((await quota.waitMs()) > 0);
  });
});
