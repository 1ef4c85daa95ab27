import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { noOutcomes, type Outcome, outcomes } from '../../../src/policy/brake/outcome.ts';
import { RecentOutcomes } from '../../../src/policy/brake/recentOutcomes.ts';
import { judgeCounts, judgeStreak } from '../../../src/policy/brake/verdict.ts';
import { usualLimits } from '../../support/brakeRows.ts';

/** The rule in its plainest form: count the last ones each time. */
function judgePlainly(all: readonly Outcome[]) {
  const count = (some: readonly Outcome[]) => {
    const counts = { ...noOutcomes };
    for (const outcome of some) counts[outcome]++;
    return counts;
  };
  const lastGood = Math.max(all.lastIndexOf('accepted'), -1);
  const bad = all.slice(lastGood + 1).filter((outcome) => outcome !== 'turned' && outcome !== 'limited');
  const byStreak = judgeStreak(count(bad), usualLimits);
  if (byStreak !== undefined) return byStreak;
  for (const size of [100, 1_000]) {
    if (all.length < size) return undefined;
    const kind = judgeCounts(count(all.slice(-size)), usualLimits, { sigmas: 5 });
    if (kind !== undefined) return kind;
  }
  return undefined;
}

describe('the last outcomes', () => {
  it('are judged as if they were counted each time', () => {
    const run = fc.record({ outcome: fc.constantFrom(...outcomes), times: fc.integer({ min: 1, max: 150 }) });
    fc.assert(
      fc.property(fc.array(run, { maxLength: 25 }), (runs) => {
        const recent = new RecentOutcomes();
        const all: Outcome[] = [];
        for (const { outcome, times } of runs) {
          for (let time = 0; time < times; time++) {
            recent.add(outcome, usualLimits);
            all.push(outcome);
          }
          assert.equal(recent.judge(usualLimits)?.kind, judgePlainly(all));
        }
      }),
    );
  });

  it('show a break after an hour of good answers within a hundred', () => {
    const recent = new RecentOutcomes();
    for (let answer = 0; answer < 100_000; answer++) recent.add('accepted', usualLimits);
    let half = 0;
    while (recent.judge(usualLimits) === undefined) {
      recent.add(half % 2 === 0 ? 'unknown' : 'accepted', usualLimits);
      half++;
    }
    assert.ok(half < 120, `${half} answers of which every other one is bad`);
  });

  it('forget all when they are cleared', () => {
    const recent = new RecentOutcomes();
    for (let answer = 0; answer < 19; answer++) recent.add('unknown', usualLimits);
    recent.clear();
    recent.add('unknown', usualLimits);
    assert.equal(recent.judge(usualLimits), undefined);
  });
});
