/** A rate limit that lets at most one second's worth through at once. */
export interface TokenBucket {
  /** @param nowMs of a monotonic clock */
  take(nowMs: number): boolean;
}

/** @param perSecond undefined: no limit */
export function createTokenBucket(perSecond: number | undefined): TokenBucket {
  if (perSecond === undefined) return { take: () => true };
  const capacity = Math.max(perSecond, 1);
  let tokens = capacity;
  let filledAtMs: number | undefined;
  return {
    take(nowMs) {
      tokens = Math.min(capacity, tokens + ((nowMs - (filledAtMs ?? nowMs)) * perSecond) / 1_000);
      filledAtMs = nowMs;
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
  };
}
