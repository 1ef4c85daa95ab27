import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectDir } from '../../src/lib/projectDir.ts';
import { legalChanges, runStates, runVerbs, whyNot } from '../../src/runs/runState.ts';

const migration = readFileSync(join(projectDir, 'src/db/migrations/079_run.sql'), 'utf8');

describe('the states of a run', () => {
  it('follow one another as the constraint of the table has it', () => {
    const [, constraint = ''] = /run_change_is_legal check \(.*? in \((.*?)\)\),/s.exec(migration) ?? [];
    const allowed = [...constraint.matchAll(/\('(\w+)', '(\w+)'\)/g)].map(([, from, to]) => `${from} ${to}`);
    const ours = runStates.flatMap((from) => legalChanges[from].map((to) => `${from} ${to}`));
    assert.deepEqual([...allowed].sort(), [...ours].sort());
  });

  it('say what may be done instead', () => {
    assert.match(
      whyNot('start', 'DRAFT'),
      /is DRAFT, so it cannot be started: now it can be changed, approved, closed/,
    );
    assert.match(whyNot('pause', 'PAUSED'), /cannot be paused: now it can be resumed, closed/);
    assert.match(whyNot('change', 'CLOSED'), /nothing of it changes any more/);
    assert.deepEqual(Object.keys(runVerbs), ['change', 'approve', 'start', 'pause', 'resume', 'close']);
  });
});
