import type { Live } from '../../api/contract/streamContract.ts';

/** One point of the charts. */
export interface Sample {
  /** When the database was read, in seconds since 1970, as the chart takes it. */
  readonly at: number;
  readonly deliveredPerSecond: number | null;
  readonly failedPerSecond: number | null;
  /**
   * How long a bill is at the provider, on average: handed-off bills, divided by bills that end per second.
   */
  readonly answerSeconds: number | null;
}

/** A quarter of an hour. */
const windowSeconds = 900;

/** Pure: adds a reading to the samples, unless its counts are the same as those of the last one. */
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
