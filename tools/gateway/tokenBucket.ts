/** Lets so many through in a second, and no more than a second's worth at once. */
export interface TokenBucket {
  /** @param nowMs of a clock that never goes back */
  take(nowMs: number): boolean;
}

/** @param perSecond undefined: as many as come */
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
      tokens -= 1;
      return true;
    },
  };
}
