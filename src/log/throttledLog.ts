import type { Logger } from './log.ts';

/** Tells of what may happen to many bills at once in a line now and then, with how often and an example. */
export interface ThrottledLog {
  /** @param times how often it happened, `example` being one of them */
  warn(message: string, example: object, times?: number): void;
  /** Tells what has not been told yet. */
  flush(): void;
}

/**
 * The first of a kind is told at once, the others within `everyMs` together: a wrong key or a server that comes back
 * must not write a line a bill. Each bill's own story is in the journal.
 */
export function createThrottledLog(log: Logger, everyMs = 10_000): ThrottledLog {
  const counts = new Map<string, { times: number; example: object; timer: NodeJS.Timeout }>();

  const tell = (message: string): boolean => {
    const count = counts.get(message);
    if (count === undefined || count.times === 0) return false;
    log.warn({ ...count.example, times: count.times }, message);
    count.times = 0;
    return true;
  };

  const wait = (message: string): NodeJS.Timeout => setTimeout(tick, everyMs, message).unref();

  const tick = (message: string): void => {
    const count = counts.get(message);
    if (count !== undefined && tell(message)) count.timer = wait(message);
    else counts.delete(message);
  };

  return {
    warn(message, example, times = 1) {
      const known = counts.get(message);
      if (known === undefined) {
        counts.set(message, { times, example, timer: wait(message) });
        tell(message);
        return;
      }
      if (known.times === 0) known.example = example;
      known.times += times;
    },
    flush() {
      for (const [message, { timer }] of counts) {
        clearTimeout(timer);
        tell(message);
      }
      counts.clear();
    },
  };
}
