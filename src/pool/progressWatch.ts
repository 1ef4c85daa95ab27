import { notBegun } from './messages.ts';

export interface ProgressLimits {
  /** The longest that a thread may take for one bill, ms. */
  readonly billMs: number;
  /** The longest that a task may wait for a thread that is starting, ms. */
  readonly startMs: number;
}

/**
 * Watches how far a thread has come: a batch has no time limit while the thread moves from bill to bill. Time
 * in which this whole process stood still does not count, since the thread stood still with it.
 * @param progress at index 0, the index of the bill that the thread is at
 * @param onStuck called once, if the thread stays at one bill, or does not begin, for too long
 * @returns a function that ends the watch
 */
export function watchProgress(progress: Int32Array, limits: ProgressLimits, onStuck: () => void): () => void {
  const everyMs = Math.max(5, Math.floor(Math.min(limits.billMs, limits.startMs) / looksPerLimit));
  let at = notBegun;
  let sameForMs = 0;
  let lookedMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const now = Atomics.load(progress, 0);
    sameForMs = now === at ? sameForMs + Math.min(nowMs - lookedMs, 2 * everyMs) : 0;
    at = now;
    lookedMs = nowMs;
    if (sameForMs < (at === notBegun ? limits.startMs : limits.billMs)) return;
    clearInterval(timer);
    onStuck();
  }, everyMs);
  return () => clearInterval(timer);
}

const looksPerLimit = 8;
