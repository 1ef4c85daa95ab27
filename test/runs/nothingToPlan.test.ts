import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nothingToPlanText } from '../../src/runs/nothingToPlan.ts';

const none = { asOf: '2026-11-01T00:00:00.000000Z', notHeld: 0, heldLater: 0, unknown: 0 };
const month = '2026-11';

describe('why no bill of a selection can be planned', () => {
  it('is said of each group of bills that there is, and of no other', () => {
    const text = nothingToPlanText({ ...none, notHeld: 1_200, unknown: 1 }, { month, unregistered: 2 });
    assert.equal(
      text,
      'no bill of this selection can be planned: 1,200 are released or cancelled already; ' +
        '2 bills of 2026-11 wait for `billcast register --month 2026-11`; 1 is unknown',
    );
    assert.match(
      nothingToPlanText({ ...none, heldLater: 1 }, { month, unregistered: 0 }),
      /: 1 is held, but by changed_at only after 2026-11-01T00:00:00\.000000Z, when they were counted: plan the run again;/,
    );
    assert.match(nothingToPlanText(none, { month, unregistered: 0 }), /^the selection names no bill: /);
  });
});
