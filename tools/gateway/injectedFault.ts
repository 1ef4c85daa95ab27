import { draw } from '../../src/providers/simulated/draw.ts';

/** What the gateway does with a request instead of accepting it and answering 200. */
export type InjectedFault =
  /** 422: refused for good. */
  | 'refuse'
  /** 429 with Retry-After. */
  | 'tooMany'
  /** 503: not taken. */
  | 'unavailable'
  /** 402: no credit left. */
  | 'outOfCredit'
  /** 500, and nothing was accepted. */
  | 'failBefore'
  /** Accepts, and answers 500. */
  | 'failAfter'
  /** Accepts, and breaks the connection. */
  | 'break'
  /** Accepts, and never answers. */
  | 'hang'
  /** Breaks the connection, and nothing was accepted. */
  | 'breakBefore';

/** The share of requests that get each fault, 0 to 1; together at most 1. */
export type FaultRates = Readonly<Record<InjectedFault, number>>;

export interface Slowness {
  /** The delay of every request. */
  readonly delayMs: number;
  /** The share of requests that are slow. */
  readonly slowRate: number;
  /** How much longer slow requests take on average. */
  readonly slowMs: number;
}

/** The same key, number and seed always get the same fault and the same delay. */
export interface InjectedAttempt {
  readonly key: string;
  /** Requests with this key so far, including this one. */
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
  'breakBefore',
] as const;

/** Pure: the fault of an attempt, if it gets one. */
export function drawFault(attempt: InjectedAttempt, rates: FaultRates): InjectedFault | undefined {
  let left = drawOf('fault', attempt);
  for (const fault of faults) {
    left -= rates[fault];
    if (left < 0) return fault;
  }
  return undefined;
}

/** Pure: how long an attempt takes. Slow ones are exponentially distributed, so that a few take very long. */
export function delayMsOf(attempt: InjectedAttempt, { delayMs, slowRate, slowMs }: Slowness): number {
  return drawOf('slow', attempt) < slowRate
    ? delayMs - Math.log(1 - drawOf('how slow', attempt)) * slowMs
    : delayMs;
}

/** An independent number for each question about an attempt. */
function drawOf(question: string, { key, number, seed }: InjectedAttempt): number {
  return draw(`${question}/${number}/${key}`, seed);
}
