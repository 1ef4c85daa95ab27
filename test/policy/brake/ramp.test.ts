import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstSendsAtOnce, rampUp } from '../../../src/policy/brake/ramp.ts';

describe('a slow start', () => {
  it('begins with some tens, doubles with each round of good answers, and is over after a few', () => {
    const rounds = [firstSendsAtOnce];
    for (let atOnce = firstSendsAtOnce; atOnce < Number.POSITIVE_INFINITY; rounds.push(atOnce)) {
      atOnce = rampUp(atOnce, atOnce);
    }
    assert.deepEqual(rounds, [50, 100, 200, Number.POSITIVE_INFINITY]);
  });
});
