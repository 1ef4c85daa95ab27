import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';

const stepMs = 50;

/** A clock of a test's own for `sleep` and `setTimeout`, which takes no time. */
export function ownClock(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let passedMs = 0;
  return {
    get passedMs() {
      return passedMs;
    },
    /** Lets time pass until this is settled. It must wait for nothing but the clock. */
    async until<T>(waiting: Promise<T>): Promise<T> {
      let isSettled = false;
      const settle = () => {
        isSettled = true;
      };
      waiting.then(settle, settle);
      for (;;) {
        await setImmediate();
        if (isSettled) return waiting;
        t.mock.timers.tick(stepMs);
        passedMs += stepMs;
      }
    },
  };
}
