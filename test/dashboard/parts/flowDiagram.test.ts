import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countsByState, tallFlow, wideFlow } from '../../../src/dashboard/parts/flowDiagram.ts';
import { states } from '../../../src/dashboard/words/stateWords.ts';
import { calmLive } from '../liveFixture.ts';

describe('the flow', () => {
  it('has every state once, each at a different place', () => {
    for (const { places } of [wideFlow, tallFlow]) {
      assert.deepEqual(Object.keys(places).sort(), [...states].sort());
      assert.equal(new Set(Object.values(places).map(String)).size, states.length);
    }
  });

  it('counts every bill in one state', () => {
    const status = calmLive({ pending: 10, held: 3, waiting: 2, sent: 4, delivered: 5, total: 19 }).status;
    const counted = Object.values(countsByState(status)).reduce((sum, bills) => sum + bills, 0);
    assert.equal(counted, status.total);
  });
});
