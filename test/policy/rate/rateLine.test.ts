import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exhaustive } from '../../support/exhaustive.ts';
import { fullestSecond, type SimulatedProcess, simulateRate } from '../../support/rateSimulation.ts';

/** A process that has twice the work of the whole rate, all the time. */
function busy(perSecond: number): SimulatedProcess {
  return { startsAtMs: 0, endsAtMs: Number.POSITIVE_INFINITY, clockAheadMs: 0, load: 2 * perSecond };
}

const usedShare = 0.98;

interface Circumstances {
  readonly seed?: number;
  readonly isStarved?: boolean;
}

async function run(
  perSecond: number,
  processes: readonly SimulatedProcess[],
  { seed = 1, isStarved = false }: Circumstances = {},
) {
  const forMs = 8_000;
  const arrivals = await simulateRate({ perSecond, usedShare, forMs, processes, seed, isStarved });
  const steady = arrivals.filter((atMs) => atMs >= 1_000 && atMs < 7_000).length / 6;
  return { arrivals, fullest: fullestSecond(arrivals), steady };
}

describe('a rate over the whole cluster', exhaustive, () => {
  for (const perSecond of [50, 500]) {
    const most = Math.floor(perSecond * 1.02);
    const always = busy(perSecond);
    it(`of ${perSecond} per second is kept and used by four processes whose clocks are apart`, async () => {
      const processes = [0, 3_600_000, -90_000, 7].map((clockAheadMs) => ({ ...always, clockAheadMs }));
      const { fullest, steady } = await run(perSecond, processes);
      assert.ok(fullest <= most, `${fullest} in a second`);
      assert.ok(steady >= perSecond * 0.95, `${steady} per second`);
    });

    it(`of ${perSecond} per second is all one process's that has no other beside it`, async () => {
      const { fullest, steady } = await run(perSecond, [always]);
      assert.ok(fullest <= most, `${fullest} in a second`);
      assert.ok(steady >= perSecond * 0.95, `${steady} per second`);
    });

    it(`of ${perSecond} per second is kept and used by four processes that often stand still`, async () => {
      const { fullest, steady } = await run(perSecond, Array(4).fill(always), { isStarved: true });
      assert.ok(fullest <= most, `${fullest} in a second`);
      assert.ok(steady >= perSecond * 0.95, `${steady} per second`);
    });

    it(`of ${perSecond} per second holds while one is killed, one begins, and the load is uneven`, async () => {
      const processes = [
        { ...always, load: 1_000, endsAtMs: 3_000 },
        { ...always, load: 1_000, startsAtMs: 4_000 },
        { ...always, load: perSecond / 10 },
        { ...always, load: perSecond },
      ];
      const { fullest, steady } = await run(perSecond, processes);
      assert.ok(fullest <= most, `${fullest} in a second`);
      assert.ok(steady >= perSecond * 0.93, `${steady} per second`);
    });
  }

  it('is kept whatever the load of whichever processes', async () => {
    const process = fc.record({
      startsAtMs: fc.integer({ min: 0, max: 4_000 }),
      endsAtMs: fc.integer({ min: 2_000, max: 9_000 }),
      clockAheadMs: fc.integer({ min: -100_000, max: 100_000 }),
      load: fc.integer({ min: 1, max: 400 }),
    });
    const processes = fc.array(process, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(20, 50, 200), processes, fc.nat(), async (perSecond, all, seed) => {
        const { fullest } = await run(perSecond, all, { seed });
        assert.ok(fullest <= Math.max(perSecond + 1, perSecond * 1.02), `${fullest} in a second`);
      }),
      { numRuns: 20 },
    );
  });

  it('of one in two seconds is kept too', async () => {
    const { arrivals } = await run(0.5, [busy(0.5), busy(0.5)]);
    assert.ok(arrivals.length >= 3 && arrivals.length <= 4, String(arrivals.length));
  });
});
