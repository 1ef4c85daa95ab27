import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { type StartTimer, startNodeTimer } from '../../../src/lib/nodeTimer.ts';
import { SendGate } from '../../../src/policy/brake/sendGate.ts';
import { RateLine } from '../../../src/policy/rate/rateLine.ts';
import { SlotLease } from '../../../src/policy/slots/slotLease.ts';
import { FixedQuota } from '../../support/fixedQuota.ts';

/** The rules in their plainest form: who comes first is served first, with what is free. */
class NaiveGate {
  taken = 0;
  readonly served: string[] = [];
  readonly #capacity: number;
  readonly #waiting: { who: number; atMost: number }[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  #tryTake(atMost: number): number {
    const count = Math.min(atMost, this.#capacity - this.taken);
    this.taken += count;
    return count;
  }

  close(): void {
    for (const { who } of this.#waiting.splice(0)) this.served.push(`${who} takes 0`);
  }

  take(who: number, atMost: number): void {
    this.#waiting.push({ who, atMost });
    if (this.#waiting.length === 1) this.serve();
  }

  serve(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && this.taken < this.#capacity;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.served.push(`${next.who} takes ${this.#tryTake(next.atMost)}`);
    }
  }
}

type Step =
  | { readonly kind: 'take'; readonly atMost: number }
  | { readonly kind: 'release'; readonly share: number }
  | { readonly kind: 'time passes' | 'closes and opens' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('take' as const),
    atMost: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant('release' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.constant({ kind: 'time passes' as const }),
  fc.constant({ kind: 'closes and opens' as const }),
);

/** A lease asks each second: here twenty times as often. */
const startSooner: StartTimer = (run, afterMs) => startNodeTimer(run, afterMs / 20);

describe('a send gate', () => {
  it('serves those who wait in order, as a naive model does, whatever is taken and released', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(step, { maxLength: 60 }),
        async (capacity, steps) => {
          const gate = new SendGate({ capacity });
          const model = new NaiveGate(capacity);
          const served: string[] = [];
          for (const [who, one] of steps.entries()) {
            if (one.kind === 'take') {
              void gate.take(one.atMost).then((count) => served.push(`${who} takes ${count}`));
              model.take(who, one.atMost);
            }
            if (one.kind === 'release') {
              const count = Math.floor(model.taken * one.share);
              gate.release(count);
              model.taken -= count;
            }
            if (one.kind === 'time passes') {
              t.mock.timers.tick(3);
              model.serve();
            }
            if (one.kind === 'closes and opens') {
              gate.setClosed(true);
              gate.setClosed(false);
              model.close();
            }
            await Promise.resolve();
            assert.deepEqual(served, model.served);
            assert.equal(gate.taken, model.taken);
          }
        },
      ),
    );
  });

  it('gives at once what is free, up to what is wanted', async () => {
    const gate = new SendGate({ capacity: 5 });
    assert.equal(await gate.take(3), 3);
    assert.equal(await gate.take(9), 2);
  });

  it('does not let a newcomer pass those who wait', async () => {
    const gate = new SendGate({ capacity: 2 });
    await gate.take(2);
    const order: string[] = [];
    const first = gate.take(1).then(() => order.push('first'));
    const second = gate.take(1).then(() => order.push('second'));
    gate.release(2);
    await Promise.all([first, second, gate.take(1).then(() => order.push('third')), release()]);
    assert.deepEqual(order, ['first', 'second', 'third']);

    async function release(): Promise<void> {
      await second;
      gate.release(1);
    }
  });

  it('gathers what is freed one by one for one who waits', async () => {
    const gate = new SendGate({ capacity: 10 });
    await gate.take(10);
    const waiting = gate.take(10);
    for (let slot = 0; slot < 6; slot++) gate.release(1);
    assert.equal(await waiting, 6);
  });

  it('of a provider without a limit always has room', async () => {
    const gate = new SendGate({ capacity: Number.POSITIVE_INFINITY });
    assert.equal(await gate.take(500), 500);
    assert.equal(gate.taken, 500);
    gate.release(500);
    assert.equal(gate.taken, 0);
  });

  it('refuses to take back more than was taken', async () => {
    const gate = new SendGate({ capacity: 2 });
    await gate.take(1);
    assert.throws(() => gate.release(2), RangeError);
    assert.equal(gate.taken, 1);
  });

  it('that is closed turns away who waits and who comes', async () => {
    const gate = new SendGate({ capacity: 1 });
    await gate.take(1);
    const waiting = gate.take(1);
    gate.setClosed(true);
    assert.deepEqual([await waiting, await gate.take(1)], [0, 0]);
    gate.takeOne();
    assert.equal(gate.taken, 2, 'a trial goes past it');
  });

  it('has no more in flight than its slow start allows', async () => {
    const gate = new SendGate({ capacity: Number.POSITIVE_INFINITY });
    gate.setAtOnce(3);
    assert.equal(await gate.take(10), 3);
    const waiting = gate.take(10);
    gate.setAtOnce(6);
    gate.release(1);
    assert.equal(await waiting, 4);
  });

  it('spaces sends out by its pace, and lets nothing start while the provider asks to wait', async () => {
    const gate = new SendGate({ capacity: 1_000 });
    const startedMs = performance.now();
    gate.setPace(100, startedMs + 100);
    assert.equal(gate.standsStill, true);
    let sent = await gate.take(1_000);
    assert.ok(performance.now() - startedMs >= 95);
    while (sent < 20) sent += await gate.take(1_000);
    const tookMs = performance.now() - startedMs;
    assert.ok(tookMs >= 100 + ((sent - 1) * 10 - 20) - 5, `${sent} in ${tookMs} ms`);
    await gate.stop();
  });

  it('turns away at once those that would wait for long', async () => {
    const gate = new SendGate({ capacity: 1_000 });
    gate.setPace(10, performance.now() + 60_000);
    assert.equal(await gate.take(5), 0);
    await gate.stop();
  });
});

/** A turn of a provider without a rate. */
const noEnd = Number.POSITIVE_INFINITY;

describe('a send gate before a provider that takes few at a time', () => {
  it('lets more through than it takes while its answers come quickly, and each send waits for its turn', async () => {
    const gate = new SendGate({ capacity: 2 });
    assert.equal(await gate.take(10), 2);
    assert.deepEqual([gate.turn(), gate.turn()], [undefined, undefined]);
    gate.ended(2);
    gate.ended(2);
    assert.equal(await gate.take(100), 2 + 8);
    assert.deepEqual([gate.turn(), gate.turn()], [undefined, undefined]);
    const turns = [gate.turn(), gate.turn(), gate.turn()];
    gate.ended(2);
    assert.equal(await turns[0], noEnd);
    gate.setClosed(true);
    const soon = setImmediate('later');
    assert.deepEqual(await Promise.race([Promise.all(turns), soon]), [noEnd, undefined, undefined]);
    gate.turnedAway();
    gate.turnedAway();
    gate.release(5);
    gate.ended(2);
    gate.ended(2);
    assert.deepEqual([gate.taken, gate.line?.running], [0, 0]);
  });

  it('says of many that wait how few are open, and begins no more than are granted', async (t) => {
    let slots = 1;
    const lease = new SlotLease({ ask: async () => ({ slots, target: slots }), startTimer: startSooner });
    const gate = new SendGate({ capacity: 50, lease });
    t.after(() => gate.stop());
    const first = gate.take(1);
    lease.need();
    await first;
    assert.equal(gate.turn(), undefined);
    gate.ended(1);
    assert.equal(await gate.take(10), 1 + 4);
    assert.equal(gate.turn(), undefined);
    const turns = [gate.turn(), gate.turn()];
    slots = 2;
    assert.equal(await turns[0], noEnd, 'at the next grant');
    assert.equal(gate.line?.running, 2);
    gate.setClosed(true);
    assert.equal(await turns[1], undefined);
  });
});

describe('a send gate under a rate', () => {
  /** Goes on only by timers, so that a process that stands still misses no moment. */
  let nowMs = 0;

  /** A rate of which the test grants one moment after the other, each 10 ms later. */
  function create(granted: number) {
    let left = granted;
    const rate = new RateLine({
      perSecond: 100,
      reserve: async ({ count }) => {
        const now = Math.min(left, count);
        left -= now;
        return now === 0 ? undefined : { firstMs: nowMs, stepMs: 10, count: now };
      },
      now: () => nowMs,
      startTimer: (run, afterMs) => {
        const atMs = nowMs + afterMs;
        return startNodeTimer(() => {
          nowMs = Math.max(nowMs, atMs);
          run();
        }, afterMs);
      },
    });
    return new SendGate({ capacity: 50, rate });
  }

  it('lets through what has a moment, and each waits for its own', async () => {
    const gate = create(3);
    assert.equal(await gate.take(10), 3);
    const startedMs = nowMs;
    const turns = [gate.turn(), gate.turn(), gate.turn()];
    const [first = 0, ...ends] = await Promise.all(turns);
    assert.deepEqual(
      ends.map((endsMs) => (endsMs ?? 0) - (first ?? 0)),
      [10, 20],
    );
    assert.ok(nowMs - startedMs >= 5, 'not all at once');
    for (let send = 0; send < 3; send++) gate.ended();
    assert.equal(gate.taken, 0);
    await gate.stop();
  });

  it('gives back what waits for its moment if the brake goes on', async () => {
    const gate = create(4);
    assert.equal(await gate.take(10), 4);
    gate.release(1);
    const turns = [gate.turn(), gate.turn(), gate.turn()];
    const waits = gate.take(5);
    gate.setClosed(true);
    assert.equal((await Promise.all(turns)).at(-1), undefined);
    assert.equal(await gate.turnAgain(), undefined);
    assert.equal(await waits, 0);
    for (let send = 0; send < 3; send++) gate.ended();
    assert.equal(gate.taken, 0);
    await gate.stop();
  });
});

describe('a send gate under a lease of slots', () => {
  it('lets no more be open than are granted, and serves the next ones when there are more', async (t) => {
    let slots = 2;
    const lease = new SlotLease({ ask: async () => ({ slots, target: slots }), startTimer: startSooner });
    const gate = new SendGate({ capacity: 50, lease });
    t.after(() => gate.stop());
    const first = gate.take(10);
    lease.need();
    assert.equal(await first, 2);
    assert.equal(gate.free, 0);
    slots = 5;
    assert.equal(await gate.take(10), 3);
  });
});

describe('a send gate with a number per day', () => {
  it('lets no more through than the day has left, and turns the others away', async () => {
    const quota = new FixedQuota(3);
    const gate = new SendGate({ capacity: 50, dayQuota: quota });
    assert.equal(gate.dayRoom(10, 1), 2);
    assert.equal(quota.wanted, 1);
    assert.equal(await gate.take(10), 3);
    assert.equal(await gate.take(10), 0);
    assert.deepEqual([gate.standsStill, gate.free, gate.takeOne()], [true, 0, false]);
  });

  it('has room again for what was not sent, and on the next day', async () => {
    const quota = new FixedQuota(3);
    let rooms = 0;
    const gate = new SendGate({ capacity: 50, dayQuota: quota }, () => {
      rooms++;
    });
    await gate.take(3);
    gate.release(1);
    gate.unsent(1);
    assert.equal(quota.left, 2);
    assert.equal(await gate.take(10), 2);
    quota.renew(5);
    assert.deepEqual([rooms, gate.standsStill, gate.takeOne(), quota.left], [1, false, true, 4]);
  });

  it('turns away the sends that wait for a slot when the day is over', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const quota = new FixedQuota(9);
    const gate = new SendGate({ capacity: 2, dayQuota: quota });
    await gate.take(2);
    const waits = gate.take(4);
    quota.left = 0;
    for (let send = 0; send < 2; send++) gate.ended();
    t.mock.timers.tick(3);
    assert.equal(await waits, 0);
  });
});
