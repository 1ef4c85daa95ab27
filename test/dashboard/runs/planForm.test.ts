import assert from 'node:assert/strict';
import { it } from 'node:test';
import { emptyPlan, planOf } from '../../../src/dashboard/runs/planForm.ts';
import { parsePlanRequest } from '../../../src/runs/planRequest.ts';

it('the form of a plan gives what the API takes, whatever is left empty', () => {
  const small = planOf({ ...emptyPlan, month: '2026-11', canaryPercent: '', waitMinutes: '' });
  assert.deepEqual(parsePlanRequest(small), {
    selection: { month: '2026-11' },
    canary: null,
    gates: { release: 'person' },
    pace: null,
    deadline: null,
    notBefore: null,
    windows: [],
    seeds: false,
  });
  const full = planOf({
    ...emptyPlan,
    month: '2026-11',
    perSecond: '500',
    deadline: '2026-11-25T18:00',
    from: '09:00',
    weekdaysOnly: true,
  });
  const { windows, pace, deadline, canary } = parsePlanRequest(full);
  assert.deepEqual(windows, [{ from: '09:00', to: '24:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }]);
  assert.deepEqual([pace, canary], [{ perSecond: 500 }, { percent: 1 }]);
  assert.equal(deadline, new Date('2026-11-25T18:00').toISOString());
});
