/** Fence 2: until when a send may begin to write. */
export interface StartDeadline {
  /** By the wall clock, for a provider that checks it too. */
  readonly unixMs: number;
  passed(): boolean;
}

/** Two clocks read together: a suspended machine stops the monotonic one, a correction moves the wall's. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function readClocks(): Instant {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

/** Milliseconds since `start` by whichever clock says more. */
export function elapsedSince(start: Instant, now: Instant = readClocks()): number {
  return Math.max(now.monotonicMs - start.monotonicMs, now.wallMs - start.wallMs);
}

/**
 * The deadline `limitMs` after `start`, which is read before the first try of the hand-off. So it comes
 * before anybody can conclude from the row's hand-off time that the send will no longer happen.
 */
export function startDeadlineFrom(start: Instant, limitMs: number, clocks = readClocks): StartDeadline {
  return {
    unixMs: Math.floor(start.wallMs + limitMs),
    passed: () => elapsedSince(start, clocks()) > limitMs,
  };
}
