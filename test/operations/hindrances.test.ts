import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { perChannel } from '../../src/channels.ts';
import type { BrakeState } from '../../src/db/reads/brakeStates.ts';
import { hindrancesOf, hindranceText } from '../../src/operations/hindrances.ts';

const since = new Date('2026-11-25T00:00:00Z');
const off: BrakeState = {
  on: false,
  since: null,
  kind: null,
  cause: null,
  by: null,
  trials: 0,
  nextTrialAt: null,
};
const working = {
  alive: 1,
  control: { paused: false, pause: null, resumed: null },
  brakes: perChannel(() => off),
  warmup: null,
};
function time(at: Date): string {
  return at.toISOString();
}

function brakesWith(brake: Partial<BrakeState>) {
  return { ...working.brakes, EMAIL: { ...off, on: true, since, by: 'dispatcher host:1', ...brake } };
}

describe('what keeps bills from being sent', () => {
  it('is nothing while dispatchers run, even if a provider asks for fewer bills', () => {
    assert.deepEqual(hindrancesOf(working), []);
    assert.deepEqual(hindrancesOf({ ...working, brakes: brakesWith({ kind: 'pace' }) }), []);
  });

  it('is the missing dispatcher, the pause and each brake, in sentences with the command', () => {
    const pause = { since, by: 'person alice', reason: 'maintenance' };
    const hindrances = hindrancesOf({
      ...working,
      alive: 0,
      control: { paused: true, pause, resumed: null },
      brakes: brakesWith({ kind: 'refusals', cause: '50 of 50 refused' }),
    });
    assert.deepEqual(
      hindrances.map(({ kind }) => kind),
      ['noDispatcher', 'paused', 'braked'],
    );
    const [none = '', paused = '', braked = ''] = hindrances.map((hindrance) =>
      hindranceText(hindrance, time),
    );
    assert.match(none, /^No dispatcher is running/);
    assert.match(paused, /^Sending is paused since .* by person alice: maintenance\. `billcast resume` ends/);
    assert.match(braked, /too many bills are refused: 50 of 50 refused\. It waits for a person/);
  });

  it('says that a brake tries by itself, if it does', () => {
    const [braked] = hindrancesOf({ ...working, brakes: brakesWith({ kind: 'unreachable' }) });
    assert.match(braked === undefined ? '' : hindranceText(braked, time), /One bill at a time tries/);
  });
});
