import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Braked } from '../../../src/db/brake.ts';
import { brakeStatesOf } from '../../../src/db/reads/brakeStates.ts';
import { standardLadder } from '../../support/standardLadder.ts';
import { oneProvider } from '../../support/testLanes.ts';

const shares = {
  ...oneProvider,
  EMAIL: [
    { name: 'ses', weight: 80 },
    { name: 'postmark', weight: 20 },
  ],
};

function braked(facts: Partial<Braked> = {}): Braked {
  return {
    brake: 'EMAIL/ses',
    kind: 'unreachable',
    reason: 'ECONNREFUSED',
    since: new Date(1_000),
    by: 'dispatcher host:1',
    trials: 1,
    nextTrialAt: new Date(9_000),
    ...facts,
  };
}

function statesOf(...all: Braked[]) {
  return brakeStatesOf({ ladder: standardLadder, providers: shares }, all, []);
}

describe('the brake of a channel with several providers', () => {
  it('is off while one of them can be used, and shows the others', () => {
    const { EMAIL, SMS } = statesOf(braked());
    assert.equal(EMAIL.on, false);
    assert.deepEqual([EMAIL.providers?.ses?.kind, EMAIL.providers?.postmark?.on], ['unreachable', false]);
    assert.equal(Object.hasOwn(SMS, 'providers'), false);
  });

  it('is on if none can be used, since the last went out, until the first trial', () => {
    const last = braked({ brake: 'EMAIL/postmark', kind: 'unknown', since: new Date(2_000) });
    const { EMAIL } = statesOf(braked(), { ...last, nextTrialAt: new Date(10_000) });
    assert.deepEqual([EMAIL.on, EMAIL.kind, EMAIL.since], [true, 'unknown', new Date(2_000)]);
    assert.deepEqual(EMAIL.nextTrialAt, new Date(9_000));
  });

  it('is on for refusals, whatever its providers do', () => {
    const { EMAIL, SMS } = statesOf(braked({ brake: 'EMAIL', kind: 'refusals', nextTrialAt: null }));
    assert.deepEqual([EMAIL.kind, SMS.kind], ['refusals', 'refusals']);
    assert.equal(EMAIL.providers?.ses?.on, false);
  });
});
