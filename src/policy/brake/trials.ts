/**
 * How long after one trial the next one begins: 5 s in the first minute, then 10 s for ten minutes (so that
 * the end of an outage of ten minutes is noticed within seconds), then a minute.
 * @param brakedForMs how long the brake has been on
 */
export function trialIntervalMs(brakedForMs: number): number {
  if (brakedForMs < 60_000) return 5_000;
  return brakedForMs < 660_000 ? 10_000 : 60_000;
}
