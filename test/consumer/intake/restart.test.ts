import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Restart } from '../../../src/consumer/intake/restart.ts';

describe('a restart', () => {
  it('comes after 0.5 s, then twice as late each time up to 10 s, and soon again after a success', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let starts = 0;
    const restart = new Restart(() => starts++);
    const comesAfter = (ms: number): void => {
      const before = starts;
      restart.schedule();
      t.mock.timers.tick(ms - 1);
      assert.equal(starts, before, `before ${ms} ms`);
      t.mock.timers.tick(1);
      assert.equal(starts, before + 1, `after ${ms} ms`);
    };
    for (const ms of [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) comesAfter(ms);
    restart.succeeded();
    comesAfter(500);
  });

  it('does not come once it is cancelled', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const restart = new Restart(() => assert.fail('started'));
    restart.schedule();
    restart.cancel();
    restart.cancel();
    t.mock.timers.tick(60_000);
  });
});
