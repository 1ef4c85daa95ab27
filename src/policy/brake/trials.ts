/**
 * How long after one trial the next one begins: 5 s at first, then 10 s until the brake is on for about ten
 * minutes (so that an outage of ten minutes is noticed to be over within seconds), then a minute.
 * @param brakedForMs how long the brake has been on
 */
export function trialIntervalMs(brakedForMs: number): number {
  if (brakedForMs < 60_000) return 5_000;
  return brakedForMs < 660_000 ? 10_000 : 60_000;
}
