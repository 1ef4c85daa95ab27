import assert from 'node:assert/strict';
import { it } from 'node:test';
import { gateRows } from '../../../src/dashboard/runs/gateTable.ts';

it('gates show the limits of the plan beside how the canary stands, or else the newest verdict', () => {
  const plan = { gates: { refused: 0.05, failed: 0.01, waitMinutes: 10, release: 'auto' } };
  const judged = (count: number) => ({
    at: '2026-11-25T00:00:00.000Z',
    what: 'paused',
    actor: 'keeper',
    facts: { gates: [{ gate: 'failed', count, of: 100, limit: 0.01, isAbove: count > 1 }] },
    told: [],
  });
  assert.deepEqual(gateRows({ plan, canary: null, events: [] }), [
    { gate: 'refused', limit: 0.05, seen: null },
    { gate: 'failed', limit: 0.01, seen: null },
  ]);
  assert.deepEqual(gateRows({ plan, canary: null, events: [judged(40), judged(1)] })[1]?.seen, {
    count: 1,
    of: 100,
    isAbove: false,
  });
  const gate = { gate: 'failed', count: 3, of: 50, limit: 0.01, isAbove: true, sentence: '' } as const;
  const canary = { bills: 50, onTheirWay: 0, waiting: 0, gates: [gate] };
  assert.equal(gateRows({ plan, canary, events: [judged(40)] })[1]?.seen?.count, 3);
  assert.deepEqual(gateRows({ plan: {}, canary: null, events: [] }), []);
});
