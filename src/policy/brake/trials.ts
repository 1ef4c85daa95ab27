/**
 * How long after one trial the next one begins: 5 s at first, 10 s for the first ten minutes (so that an
 * outage of ten minutes is over within seconds of its end), then a minute.
 * @param brakedForMs since the brake is on
 */
export function trialIntervalMs(brakedForMs: number): number {
  if (brakedForMs < 60_000) return 5_000;
  return brakedForMs < 660_000 ? 10_000 : 60_000;
}
