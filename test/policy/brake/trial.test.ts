import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Trial } from '../../../src/policy/brake/trial.ts';

function create(expiresInMs = 60_000) {
  return new Trial({ brake: 'EMAIL', expiresAtMs: performance.now() + expiresInMs, intervalMs: 5_000 });
}

describe('a trial', () => {
  it('is given back if nothing was sent, and is used up by a send', () => {
    const trial = create();
    trial.take();
    assert.equal(trial.isFree, false);
    trial.giveBack();
    assert.equal(trial.isFree, true);
    trial.take();
    trial.sent();
    trial.giveBack();
    assert.equal(trial.isFree, false);
    trial.end({ kind: 'unknown', cause: 'HTTP 500' });
    assert.deepEqual([trial.isOver, trial.result], [true, { kind: 'unknown', cause: 'HTTP 500' }]);
  });

  it("is nobody's any more when another process may have it", () => {
    assert.equal(create(-1).isFree, false);
  });

  it('leads to the next one, counted from its own beginning', () => {
    const left = create().msToNext;
    assert.ok(left > 4_000 && left <= 5_000);
  });
});
