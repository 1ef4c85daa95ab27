import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type SlotHolders, shareSlots } from '../../../src/policy/slots/shareSlots.ts';

const ttlMs = 1_000;

interface Ask {
  readonly holder: string;
  readonly want: number;
  /** How many of its slots have an open send. */
  readonly open: number;
}

/** Each asks in turn, as often as it takes, and gives back what it may not keep. */
function settle(limit: number, asks: readonly Ask[], nowMs = 0): Record<string, number> {
  let holders: SlotHolders = {};
  const have: Record<string, number> = {};
  const targets: Record<string, number> = {};
  for (let round = 0; round < 4; round++) {
    for (const { holder, want } of asks) {
      const keep = Math.min(have[holder] ?? 0, targets[holder] ?? 0);
      const answer = shareSlots(holders, { holder, want, keep, limit, ttlMs }, nowMs);
      holders = answer.holders;
      have[holder] = answer.slots;
      targets[holder] = answer.target;
    }
  }
  return have;
}

describe('slots of a provider for all processes', () => {
  for (const { name, limit, wants, parts } of [
    { name: 'are all of one that is alone', limit: 200, wants: [900], parts: [200] },
    {
      name: 'are shared by those who want more',
      limit: 200,
      wants: [900, 900, 900, 900],
      parts: [50, 50, 50, 50],
    },
    {
      name: 'are left to the others by one that wants few',
      limit: 200,
      wants: [900, 10, 900],
      parts: [95, 10, 95],
    },
    {
      name: 'are all given out, one more to some if they do not divide',
      limit: 10,
      wants: [90, 90, 90],
      parts: [4, 3, 3],
    },
    { name: 'are not for one that wants none', limit: 10, wants: [0, 90], parts: [0, 10] },
  ]) {
    it(name, () => {
      const asks = wants.map((want, nth) => ({ holder: `p${nth}`, want, open: 0 }));
      assert.deepEqual(Object.values(settle(limit, asks)), parts);
    });
  }

  it('go round if there are fewer than processes', () => {
    const asks = ['a', 'b', 'c'].map((holder) => ({ holder, want: 9, open: 0 }));
    const turns = [0, 5_000, 10_000].map((nowMs) => settle(1, asks, nowMs));
    assert.deepEqual(turns.map(({ a, b, c }) => [a, b, c].join('')).sort(), ['001', '010', '100']);
  });

  it('are never more together than the limit, in whatever order processes ask, keep and die', () => {
    const ask = fc.record({
      holder: fc.constantFrom('a', 'b', 'c', 'd'),
      want: fc.nat(30),
      open: fc.nat(30),
      afterMs: fc.nat(1_500),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(ask, { maxLength: 40 }), (limit, asks) => {
        let holders: SlotHolders = {};
        let nowMs = 0;
        for (const { holder, want, open, afterMs } of asks) {
          nowMs += afterMs;
          const mine = holders[holder];
          const had = mine !== undefined && mine.untilMs > nowMs ? mine.slots : 0;
          const keep = Math.min(open, had);
          const answer = shareSlots(holders, { holder, want, keep, limit, ttlMs }, nowMs);
          holders = answer.holders;
          const live = Object.values(holders).filter(({ untilMs }) => untilMs > nowMs);
          assert.ok(live.reduce((sum, { slots }) => sum + slots, 0) <= limit);
          assert.ok(answer.slots >= keep, 'what is in use is kept');
        }
      }),
    );
  });
});
