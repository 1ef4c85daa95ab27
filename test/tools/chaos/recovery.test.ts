import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { beginRecovery, type Look, observeRecovery } from '../../../tools/chaos/recovery.ts';

function lookAt(claims: string, isIdle = false): Look {
  return { openClaims: new Set(claims), isIdle };
}

/**
 * Whether the recovery is complete after each look, for a fault during claims `ab` that is undone at the look
 * `undoneAt`.
 */
function completions(looks: readonly Look[], undoneAt: number): boolean[] {
  let recovery = beginRecovery(new Set('ab'));
  return looks.map((look, index) => {
    recovery = observeRecovery(recovery, index >= undoneAt, look);
    return recovery.isComplete;
  });
}

describe('the recovery from a fault', () => {
  it('needs the old claims closed and a new claim after the fault was undone', () => {
    const looks = [lookAt('abc'), lookAt('bc'), lookAt('c'), lookAt('cd')];
    assert.deepEqual(completions(looks, 1), [false, false, false, true]);
  });

  it('is not complete before the fault is undone', () => {
    assert.deepEqual(completions([lookAt('c'), lookAt('d'), lookAt('e')], 9), [false, false, false]);
  });

  it('is complete without a new claim if no bill is left', () => {
    assert.deepEqual(completions([lookAt('a', true), lookAt('', true)], 0), [false, true]);
  });

  it('waits for a claim that was open when the fault was injected', () => {
    assert.deepEqual(completions([lookAt('a'), lookAt('ac'), lookAt('ad'), lookAt('d')], 0), [
      false,
      false,
      false,
      true,
    ]);
  });

  it('stays complete', () => {
    assert.deepEqual(completions([lookAt('', true), lookAt('ab')], 0), [true, true]);
  });
});
