/** How long to wait before a retry. */
export interface Backoff {
  /** The wait after the first failure. Each further failure doubles it. */
  readonly firstMs: number;
  readonly longestMs: number;
  /**
   * The share by which a random part may shorten the wait, so that many waiters do not return in step; 0 by
   * default.
   */
  readonly jitter?: number;
}

/**
 * Pure if `random` is given.
 * @param failures in a row so far; below 1 counts as 1
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, backoff: Backoff, random: number = Math.random()): number {
  const { firstMs, longestMs, jitter = 0 } = backoff;
  const doublings = Math.min(Math.max(failures - 1, 0), mostDoublings);
  return Math.min(firstMs * 2 ** doublings, longestMs) * (1 - jitter * random);
}

/** 2 ** 30 ms are twelve days: no wait doubles longer than that. */
const mostDoublings = 30;
