import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runVerbsFor } from '../../../src/dashboard/runs/runPermissions.ts';
import { permissionsOf, type Role } from '../../../src/policy/roles.ts';

const run = {
  kind: 'PLANNED',
  state: 'DRAFT',
  requestedBy: 'person ann',
  fourEyes: true,
  hold: null,
} as const;

function as(role: Role, name: string, source: 'token' | 'loopback' = 'token') {
  return { permissions: permissionsOf([role]), name, source };
}

describe('what a person may do to a run', () => {
  it('depends on its state and on the role', () => {
    assert.deepEqual(runVerbsFor(run, as('operator', 'ben')), ['close']);
    assert.deepEqual(runVerbsFor(run, as('approver', 'ben')), ['approve']);
    assert.deepEqual(runVerbsFor({ ...run, state: 'PAUSED' }, as('operator', 'ben')), ['resume', 'close']);
    const gated = {
      ...run,
      state: 'PAUSED',
      hold: { code: 'GATE_FAILED', detail: null, detailTold: [], since: null },
    } as const;
    assert.deepEqual(runVerbsFor(gated, as('approver', 'ben')), ['overrule']);
    assert.deepEqual(runVerbsFor(gated, as('operator', 'ben')), ['close']);
    assert.deepEqual(runVerbsFor({ ...gated, fourEyes: false }, as('operator', 'ben')), ['resume', 'close']);
    assert.deepEqual(runVerbsFor({ ...run, state: 'RUNNING' }, as('approver', 'ben')), []);
    const done = { ...run, state: 'DONE' } as const;
    assert.deepEqual(runVerbsFor(done, as('approver', 'ben')), ['sign']);
    assert.deepEqual(runVerbsFor(done, as('operator', 'ben')), ['close']);
    assert.deepEqual(runVerbsFor(done, as('admin', 'ann')), ['close'], 'four eyes');
    assert.deepEqual(runVerbsFor({ ...done, fourEyes: false }, as('admin', 'ann')), ['sign', 'close']);
    assert.deepEqual(runVerbsFor({ ...run, state: 'CLOSED' }, as('admin', 'ben')), []);
    const rehearsal = { ...run, kind: 'REHEARSAL', state: 'APPROVED' } as const;
    assert.deepEqual(runVerbsFor(rehearsal, as('operator', 'ben')), ['rehearse', 'close']);
    assert.deepEqual(runVerbsFor({ ...rehearsal, state: 'DRAFT' }, as('operator', 'ben')), ['close']);
    const alone = { ...rehearsal, state: 'DRAFT', fourEyes: false } as const;
    assert.deepEqual(runVerbsFor(alone, as('admin', 'ann')), ['rehearse', 'close']);
    assert.deepEqual(runVerbsFor({ ...rehearsal, state: 'PAUSED' }, as('viewer', 'ben')), []);
    assert.deepEqual(runVerbsFor({ ...rehearsal, state: 'DONE' }, as('admin', 'ben')), ['close']);
  });

  it('is not to approve the own one, unless nobody can be told apart', () => {
    assert.deepEqual(runVerbsFor(run, as('admin', 'ann')), ['close']);
    assert.deepEqual(runVerbsFor(run, as('admin', 'ann', 'loopback')), ['approve', 'close']);
  });
});
