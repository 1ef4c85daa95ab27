import assert from 'node:assert/strict';
import { it } from 'node:test';
import { gateRows } from '../../../src/dashboard/runs/gateTable.ts';

it('gates show the limits of the plan beside the newest verdict', () => {
  const plan = { gates: { refused: 0.05, failed: 0.01, waitMinutes: 10, release: 'auto' } };
  const judged = (count: number) => ({
    at: '2026-11-25T00:00:00.000Z',
    what: 'paused',
    actor: 'keeper',
    facts: { gates: [{ gate: 'failed', count, of: 100, limit: 0.01, isAbove: count > 1 }] },
  });
  assert.deepEqual(gateRows({ plan, events: [] }), [
    { gate: 'refused', limit: 0.05, seen: null },
    { gate: 'failed', limit: 0.01, seen: null },
  ]);
  assert.deepEqual(gateRows({ plan, events: [judged(40), judged(1)] })[1]?.seen, {
    count: 1,
    of: 100,
    isAbove: false,
  });
  assert.deepEqual(gateRows({ plan: {}, events: [] }), []);
});
