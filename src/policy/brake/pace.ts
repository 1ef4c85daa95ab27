/** How many bills per second a channel of this process may send, after its provider has answered 429. */
export interface Pace {
  readonly perSecond: number;
  /** How many per second the provider took when it last refused some; undefined if it took none. */
  readonly ceiling: number | undefined;
  /** When it last answered 429 to more than an ordinary share, ms. */
  readonly limitedAtMs: number;
}

/** The answers to sends that began since the last change of the pace. */
export interface PaceSample {
  readonly accepted: number;
  readonly limited: number;
  readonly seconds: number;
}

/** The next pace; `held`: in addition, nothing may start before the provider's Retry-After is over. */
export type PaceDecision =
  | { readonly kind: 'keep' }
  | { readonly kind: 'held' | 'grown'; readonly pace: Pace }
  | { readonly kind: 'over' };

/** A smaller share of 429 among acceptances costs only another try each. */
const ordinaryShare = 0.05;
const fewestLimited = 3;
/** Fewer acceptances than these say little about a rate. */
const worthBelieving = 20;
const slowestPerSecond = 0.2;
/** The pace falls to this share of what the provider took, so that its token bucket fills up again. */
const backOff = 0.95;

/** Whether the provider wants fewer at a time. */
export function isLimited({ accepted, limited }: PaceSample): boolean {
  return limited >= fewestLimited && limited > ordinaryShare * (accepted + limited);
}

/**
 * Decides on the pace, as TCP decides on its window: what the provider takes while it refuses some is its
 * limit. Below that limit the pace grows quickly; above it slowly, and faster the longer nothing is refused.
 * @param pace undefined while there is none
 */
export function decidePace(pace: Pace | undefined, sample: PaceSample, nowMs: number): PaceDecision {
  if (isLimited(sample)) {
    const taken = takenPerSecond(pace, sample);
    const perSecond = Math.max(slowestPerSecond, taken * backOff);
    const isKnown = pace === undefined ? sample.accepted >= worthBelieving : sample.accepted > 0;
    const ceiling = isKnown ? taken : undefined;
    return { kind: 'held', pace: { perSecond, ceiling, limitedAtMs: nowMs } };
  }
  if (pace === undefined) return { kind: 'keep' };
  const sinceLimitedMs = nowMs - pace.limitedAtMs;
  if (sinceLimitedMs > forgottenAfterMs) return { kind: 'over' };
  const isUsed = sample.accepted >= usedShare * pace.perSecond * sample.seconds;
  if (!isUsed || sample.seconds < shortestSampleSeconds || sample.accepted === 0) return { kind: 'keep' };
  return { kind: 'grown', pace: { ...pace, perSecond: pace.perSecond * growthOf(pace, sinceLimitedMs) } };
}

/**
 * How many per second the provider took. Under a pace, that is the accepted share of the pace. Before that,
 * it is all that was accepted within a second, which is the size of its token bucket.
 */
function takenPerSecond(pace: Pace | undefined, { accepted, limited, seconds }: PaceSample): number {
  return pace === undefined
    ? accepted / Math.max(seconds, shortestSampleSeconds)
    : pace.perSecond * Math.max(steepestFall, accepted / (accepted + limited));
}

const shortestSampleSeconds = 1;
/** The pace falls at most by this factor at once: a few answers prove little, and more follow. */
const steepestFall = 0.5;
const forgottenAfterMs = 300_000;
/** The pace grows only if at least this share of it is used: otherwise acceptances prove nothing. */
const usedShare = 0.7;
const patienceMs = 20_000;

function growthOf({ perSecond, ceiling }: Pace, sinceLimitedMs: number): number {
  if (ceiling === undefined) return 2;
  if (perSecond < ceiling * 0.9) return 1.25;
  const patientFor = Math.max(0, sinceLimitedMs - patienceMs);
  return Math.min(2, 1 + 0.015 * 2 ** (patientFor / 10_000));
}
