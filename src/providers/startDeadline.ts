/** Fence 2: the latest moment at which a send may begin to write. */
export interface StartDeadline {
  /** By the wall clock, for a provider that checks the deadline too. */
  readonly unixMs: number;
  passed(): boolean;
}

/**
 * Two clocks, read together: the monotonic clock stops while a machine is suspended, and the wall clock may
 * be corrected.
 */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function readClocks(): Instant {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

/** Milliseconds since `start`, by the clock that shows more. */
export function elapsedSince(start: Instant, now: Instant = readClocks()): number {
  return Math.max(now.monotonicMs - start.monotonicMs, now.wallMs - start.wallMs);
}

/**
 * The deadline `limitMs` after `start`, which is read before the first try of the hand-off. So nobody can
 * conclude from the hand-off time in the row that the send will not happen any more while it still may.
 */
export function startDeadlineFrom(start: Instant, limitMs: number, clocks = readClocks): StartDeadline {
  return {
    unixMs: Math.floor(start.wallMs + limitMs),
    passed: () => elapsedSince(start, clocks()) > limitMs,
  };
}

/** Whether the turn of a send under a rate is over. @param endsMs by the monotonic clock; undefined: never */
export function isTurnOver(endsMs: number | undefined): boolean {
  return endsMs !== undefined && performance.now() > endsMs;
}
