import type { Logger } from './log.ts';

/** Logs what may happen to many bills at once: one line per interval, with a count and an example. */
export interface ThrottledLog {
  /** @param times how often it happened; `example` is one of these */
  warn(message: string, example: object, times?: number): void;
  /** Logs what is not logged yet. */
  flush(): void;
}

/**
 * Logs the first of a kind at once, and all others within `everyMs` in one line: a wrong key must not write
 * one line per bill. The history of each bill is in the journal.
 */
export function createThrottledLog(log: Logger, everyMs = 10_000): ThrottledLog {
  const counts = new Map<string, { times: number; example: object; timer: NodeJS.Timeout }>();

  const write = (message: string): boolean => {
    const count = counts.get(message);
    if (count === undefined || count.times === 0) return false;
    log.warn({ ...count.example, times: count.times }, message);
    count.times = 0;
    return true;
  };

  const schedule = (message: string): NodeJS.Timeout => setTimeout(tick, everyMs, message).unref();

  const tick = (message: string): void => {
    const count = counts.get(message);
    if (count !== undefined && write(message)) count.timer = schedule(message);
    else counts.delete(message);
  };

  return {
    warn(message, example, times = 1) {
      const known = counts.get(message);
      if (known === undefined) {
        counts.set(message, { times, example, timer: schedule(message) });
        write(message);
        return;
      }
      if (known.times === 0) known.example = example;
      known.times += times;
    },
    flush() {
      for (const [message, { timer }] of counts) {
        clearTimeout(timer);
        write(message);
      }
      counts.clear();
    },
  };
}
