import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bannersOf } from '../../../src/dashboard/app/runBanner.ts';

it('a banner tells of a run that waits, holds or is a rehearsal, and of no other', () => {
  const run = { runId: 'a', kind: 'PLANNED', state: 'RUNNING', requestedBy: 'ann', hold: null } as const;
  const hold = { code: 'GATE_FAILED', detail: null, detailTold: [], since: null };
  assert.deepEqual(
    bannersOf(
      [
        run,
        { ...run, runId: 'b', state: 'DRAFT' },
        { ...run, runId: 'c', state: 'PAUSED', hold },
        { ...run, runId: 'd', kind: 'REHEARSAL' },
        { ...run, runId: 'e', kind: 'REHEARSAL', state: 'CLOSED' },
      ],
      false,
    ),
    [
      { kind: 'draft', runId: 'b', about: 'ann' },
      { kind: 'paused', runId: 'c', about: 'GATE_FAILED' },
      { kind: 'rehearsal', runId: 'd', about: '' },
    ],
  );
  assert.deepEqual(bannersOf([run], true), [{ kind: 'safeMode', runId: '', about: '' }]);
});
