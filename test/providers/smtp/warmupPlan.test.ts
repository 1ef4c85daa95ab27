import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitOn } from '../../../src/providers/dayQuota.ts';
import { readWarmupPlan } from '../../../src/providers/smtp/warmupPlan.ts';

describe('a warm-up plan', () => {
  it('is read from its setting: numbers of all mails and of domains, in the order of their days', () => {
    const plan = readWarmupPlan(
      '2026-12-02:2000, 2026-12-01:1000,2026-12-20:unlimited,Gmail.com/2026-12-01:200',
    );
    assert.deepEqual(plan.all, [
      { from: '2026-12-01', perDay: 1_000 },
      { from: '2026-12-02', perDay: 2_000 },
      { from: '2026-12-20', perDay: Number.POSITIVE_INFINITY },
    ]);
    assert.deepEqual([...plan.byReceiver], [['gmail.com', [{ from: '2026-12-01', perDay: 200 }]]]);
    assert.equal(readWarmupPlan('gmail.com/2026-12-01:200').all, undefined);
  });

  it('holds until its next day, and lets nothing out before its first', () => {
    const { all = [] } = readWarmupPlan('2026-12-01:1000,2026-12-05:2000,2026-12-20:unlimited');
    const limits = ['2026-11-30', '2026-12-01', '2026-12-04', '2026-12-05', '2027-01-01'].map((day) =>
      limitOn(all, day),
    );
    assert.deepEqual(limits, [0, 1_000, 1_000, 2_000, Number.POSITIVE_INFINITY]);
  });

  it('that is wrong is an error that shows which part, and what is right', () => {
    for (const text of [
      '',
      '1000',
      '2026-12-01',
      '2026-13-01:5',
      '2026-02-30:5',
      '2026-12-01:-1',
      'x/2026-12-1:5',
    ]) {
      assert.throws(() => readWarmupPlan(text), /must be day:mails per day, such as .*, and ".*" is not/);
    }
    assert.throws(() => readWarmupPlan('2026-12-01:5,2026-12-01:6'), /must name 2026-12-01:6 once/);
  });
});
