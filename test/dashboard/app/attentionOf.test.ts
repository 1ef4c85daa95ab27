import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attentionOf, dueOf } from '../../../src/dashboard/app/attentionOf.ts';
import { calmLive, trippedBrake } from '../liveFixture.ts';

function kinds(change: Parameters<typeof calmLive>[0]): string[] {
  return attentionOf(calmLive(change)).map(({ kind }) => kind);
}

describe('what needs a person', () => {
  it('is nothing while all goes well', () => {
    assert.deepEqual(kinds({}), []);
  });

  it('is a pause, bills without a dispatcher, doubts, failures and held bills', () => {
    const pause = {
      paused: true,
      pause: { since: '2026-11-28T00:00:00Z', by: 'anna', reason: null },
      resumed: null,
    };
    assert.deepEqual(kinds({ pause }), ['paused']);
    assert.deepEqual(kinds({ pending: 5, dispatchers: { alive: 0, silent: 0 } }), ['noDispatchers']);
    assert.deepEqual(kinds({ inDoubt: 2, oldestDoubtMs: 5 }), ['doubts']);
    assert.deepEqual(kinds({ failed: 5, retransmissions: 5 }), []);
    assert.deepEqual(kinds({ failed: 5, retransmissions: 4 }), ['failures']);
    assert.deepEqual(kinds({ pending: 3, held: 3 }), ['held']);
  });

  it('is a brake, but not a pace', () => {
    assert.deepEqual(kinds({ brakes: { one: trippedBrake('refusals', true) } }), ['brake']);
    assert.deepEqual(kinds({ brakes: { one: trippedBrake('unreachable', false) } }), ['trial']);
    assert.deepEqual(kinds({ brakes: { one: trippedBrake('pace', false) } }), []);
  });
});

describe('bills that are due', () => {
  it('are those that neither wait nor are held', () => {
    assert.equal(dueOf(calmLive({ pending: 10, held: 3, waiting: 2 }).status), 5);
  });
});
