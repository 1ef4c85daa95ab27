import { draw } from '../../src/providers/simulated/draw.ts';

/** What the gateway does with one request instead of accepting it and saying so. */
export type InjectedFault =
  /** 422, for good. */
  | 'refuse'
  /** 429 with Retry-After. */
  | 'tooMany'
  /** 503, not taken. */
  | 'unavailable'
  /** 402 */
  | 'outOfCredit'
  /** 500, and nothing was accepted. */
  | 'failBefore'
  /** Accepts, and says 500. */
  | 'failAfter'
  /** Accepts, and breaks the connection. */
  | 'break'
  /** Accepts, and never answers. */
  | 'hang';

/** The share of requests that each fault befalls, 0 to 1; together no more than 1. */
export type FaultRates = Readonly<Record<InjectedFault, number>>;

export interface Slowness {
  /** Of every request. */
  readonly delayMs: number;
  /** The share of requests that take longer. */
  readonly slowRate: number;
  /** How much longer they take on average. */
  readonly slowMs: number;
}

/** Which try of which message this is, and the seed of the run: the same three, the same fate. */
export interface Attempt {
  readonly key: string;
  /** Requests with this key so far, this one included. */
  readonly number: number;
  readonly seed: number;
}

export const faults = [
  'refuse',
  'tooMany',
  'unavailable',
  'outOfCredit',
  'failBefore',
  'failAfter',
  'break',
  'hang',
] as const;

/** Pure: the fault of an attempt, one at the most. */
export function drawFault(attempt: Attempt, rates: FaultRates): InjectedFault | undefined {
  let left = drawOf('fault', attempt);
  for (const fault of faults) {
    left -= rates[fault];
    if (left < 0) return fault;
  }
  return undefined;
}

/** Pure: how long an attempt takes; slow ones by an exponential distribution, so that a few take very long. */
export function delayMsOf(attempt: Attempt, { delayMs, slowRate, slowMs }: Slowness): number {
  return drawOf('slow', attempt) < slowRate
    ? delayMs - Math.log(1 - drawOf('how slow', attempt)) * slowMs
    : delayMs;
}

/** A number of its own for each question about an attempt. */
function drawOf(question: string, { key, number, seed }: Attempt): number {
  return draw(`${question}/${number}/${key}`, seed);
}
