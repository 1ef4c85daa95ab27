import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runVerbs, whyNot } from '../../src/runs/runState.ts';

describe('the states of a run', () => {
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
