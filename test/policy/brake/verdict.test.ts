import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { noOutcomes, type OutcomeCounts } from '../../../src/policy/brake/outcome.ts';
import { judgeCounts, judgeStreak, mostReturns } from '../../../src/policy/brake/verdict.ts';
import { noLimits, usualLimits } from '../../support/brakeRows.ts';

function countsOf(counts: Partial<OutcomeCounts>): OutcomeCounts {
  return { ...noOutcomes, ...counts };
}
function judge(counts: Partial<OutcomeCounts>, limits = usualLimits) {
  return judgeCounts(countsOf(counts), limits);
}

describe('the verdict on a minute', () => {
  it('is by the share of bills in trouble, from twenty outcomes on', () => {
    assert.equal(judge({ unknown: 19 }), undefined);
    assert.equal(judge({ unknown: 20 }), 'unknown');
    assert.equal(judge({ accepted: 80, unknown: 20 }), undefined, '20 % is the limit, not above it');
    assert.equal(judge({ accepted: 80, unknown: 10, unreachable: 11 }), 'unreachable');
    assert.equal(judge({ accepted: 80, settings: 21 }), 'settings');
  });

  it('is by the share of refusals, if chance does not explain it', () => {
    assert.equal(judge({ refused: 20 }), 'refusals');
    assert.equal(judge({ accepted: 15, refused: 5 }), undefined);
    assert.equal(judge({ accepted: 700, refused: 300 }), 'refusals');
    assert.equal(
      judge({ accepted: 700, refused: 300 }, { ...usualLimits, refusals: 1, smsTurns: 1 }),
      undefined,
    );
  });

  it('is by the share of turns to SMS for any reason, from fifty on', () => {
    assert.equal(judge({ turned: 49 }), undefined);
    assert.equal(judge({ turned: 50 }), 'smsTurns');
    assert.equal(judge({ accepted: 700, turned: 150, refused: 150 }), 'smsTurns');
    const expected = { ...usualLimits, smsTurns: 0.35 };
    assert.equal(judge({ accepted: 700, turned: 300 }, expected), undefined);
    assert.equal(judge({ accepted: 500, turned: 500 }, expected), 'smsTurns');
  });

  it('counts sends in flight as good for a while, because refusals come sooner than acceptances', () => {
    const judgeWith = (unanswered: number, refused: number) =>
      judgeCounts(countsOf({ refused }), usualLimits, { unanswered });
    assert.equal(judgeWith(200, 20), undefined);
    assert.equal(judgeWith(100_000, 60), undefined);
    assert.notEqual(judgeWith(100_000, 120), undefined);
    assert.equal(judgeStreak(countsOf({ unknown: 75 }), usualLimits, { unanswered: 100_000 }), undefined);
    assert.equal(judgeStreak(countsOf({ unknown: 76 }), usualLimits, { unanswered: 100_000 }), 'unknown');
  });

  it('never takes a 429 for bad, and nothing at all without limits', () => {
    assert.equal(judge({ limited: 1_000 }), undefined);
    const any = fc.nat({ max: 100_000 });
    const counts = fc.record({
      accepted: any,
      refused: any,
      unknown: any,
      unreachable: any,
      settings: any,
      turned: any,
      limited: any,
    });
    fc.assert(fc.property(counts, (some) => assert.equal(judgeCounts(some, noLimits), undefined)));
  });

  it('does not go off by more bad ones, nor on by more good ones', () => {
    const some = fc.record({
      accepted: fc.nat({ max: 1_000 }),
      unknown: fc.nat({ max: 1_000 }),
      more: fc.nat({ max: 1_000 }),
    });
    fc.assert(
      fc.property(some, ({ accepted, unknown, more }) => {
        if (judge({ accepted, unknown }) !== undefined) {
          assert.notEqual(judge({ accepted, unknown: unknown + more }), undefined);
        } else if (accepted + unknown >= 20) {
          assert.equal(judge({ accepted: accepted + more, unknown }), undefined);
        }
      }),
    );
  });
});

describe('the verdict on outcomes in a row', () => {
  it('is that twenty are no accident, and that the commonest is the cause', () => {
    assert.equal(judgeStreak(countsOf({ unknown: 19 }), usualLimits), undefined);
    assert.equal(judgeStreak(countsOf({ unknown: 5, settings: 15 }), usualLimits), 'settings');
    assert.equal(judgeStreak(countsOf({ refused: 15, unreachable: 5 }), usualLimits), 'refusals');
    assert.equal(judgeStreak(countsOf({ refused: 20 }), { ...usualLimits, refusals: 1 }), undefined);
  });
});

describe('messages that came back', () => {
  it('may be 49, or the ordinary share of what was accepted and a little more', () => {
    assert.equal(mostReturns(0, 0.2), 49);
    assert.equal(mostReturns(300, 0.2), 80);
    assert.equal(mostReturns(1_000_000, 0.2), 201_200);
    assert.equal(mostReturns(10, 1), Number.POSITIVE_INFINITY);
  });
});
