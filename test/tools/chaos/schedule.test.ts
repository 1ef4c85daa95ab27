import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { clusterKinds, faultKinds, kindsFor, planFaults } from '../../../tools/chaos/schedule.ts';

const arbitraryRun = fc.record({
  seed: fc.nat(),
  kinds: fc.subarray([...faultKinds], { minLength: 1 }),
  spanMs: fc.integer({ min: 10_000, max: 600_000 }),
});

describe('the schedule of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    const options = { seed: 7, kinds: faultKinds, spanMs: 60_000 };
    assert.deepEqual(planFaults(options), planFaults(options));
    assert.notDeepEqual(planFaults(options), planFaults({ ...options, seed: 8 }));
  });

  it('stays within the span, in order, and gives every kind its turn before one has its second', () => {
    fc.assert(
      fc.property(arbitraryRun, (options) => {
        const planned = planFaults(options);
        assert.ok(planned.every(({ atMs }) => atMs > 0 && atMs <= options.spanMs));
        assert.deepEqual(
          planned.map(({ atMs }) => atMs),
          planned.map(({ atMs }) => atMs).sort((a, b) => a - b),
        );
        for (let start = 0; start < planned.length; start += options.kinds.length) {
          const round = planned.slice(start, start + options.kinds.length);
          assert.equal(new Set(round.map(({ kind }) => kind)).size, round.length);
        }
      }),
    );
  });

  it('does to a single broker only what it can survive', () => {
    assert.deepEqual(new Set(kindsFor(1)).intersection(new Set(clusterKinds)).size, 0);
    assert.deepEqual(kindsFor(3), faultKinds);
  });

  it('fills a minute with faults', () => {
    const planned = planFaults({ seed: 1, kinds: faultKinds, spanMs: 60_000 });
    assert.ok(planned.length >= 10, `${planned.length} faults`);
  });
});
