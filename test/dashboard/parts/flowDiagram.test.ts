import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ComponentChildren, isValidElement } from 'preact';
import { countsByState, flowDiagram, tallFlow, wideFlow } from '../../../src/dashboard/parts/flowDiagram.ts';
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

  it('moves as whole lines, which need no paint, and only while bills move', () => {
    const rates = { overMs: 1_000, deliveredPerSecond: 5, failedPerSecond: 0, secondsLeft: 1 };
    for (const [layout, way] of [
      [wideFlow, 'right'],
      [tallFlow, 'down'],
    ] as const) {
      const moving = classesIn(flowDiagram({ ...calmLive(), rates }, layout));
      assert.equal(moving.filter((name) => name === `dashes ${way}`).length, 3);
      const resting = classesIn(flowDiagram(calmLive(), layout));
      assert.ok(resting.every((name) => !name.includes('dashes')));
      assert.equal(resting.filter((name) => name.startsWith('way ')).length, 8);
    }
  });
});

function classesIn(node: ComponentChildren): string[] {
  if (Array.isArray(node)) return node.flatMap(classesIn);
  if (!isValidElement(node)) return [];
  const { class: name, children } = node.props as { class?: string; children?: ComponentChildren };
  return [...(name === undefined ? [] : [name]), ...classesIn(children)];
}
