import type { Live } from '../../api/contract/streamContract.ts';

/** One point of the charts. */
export interface Sample {
  /** Seconds since 1970, as the chart wants it: when the database was read. */
  readonly at: number;
  readonly deliveredPerSecond: number | null;
  readonly failedPerSecond: number | null;
  /**
   * How long a bill is with the provider, on average: those handed off, divided by those that end per
   * second.
   */
  readonly answerSeconds: number | null;
}

/** A quarter of an hour. */
const windowSeconds = 900;

/** Pure. A reading of counts that are known already adds no point. */
export function keepSample(samples: readonly Sample[], read: Live): readonly Sample[] {
  const at = new Date(read.status.asOf).getTime() / 1_000;
  const last = samples.at(-1);
  if (last !== undefined && at <= last.at) return samples;
  return [...samples.filter((sample) => at - sample.at <= windowSeconds), sampleOf(read, at)];
}

function sampleOf({ status, rates }: Live, at: number): Sample {
  const endedPerSecond = (rates?.deliveredPerSecond ?? 0) + (rates?.failedPerSecond ?? 0);
  return {
    at,
    deliveredPerSecond: rates?.deliveredPerSecond ?? null,
    failedPerSecond: rates?.failedPerSecond ?? null,
    answerSeconds: endedPerSecond > 0 ? status.sent / endedPerSecond : null,
  };
}
