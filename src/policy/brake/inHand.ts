/** Under a pace, bills are claimed this far ahead. */
const secondsInHand = 2;
/** Bills claimed before there was a pace are kept for this long: far below any sensible BATCH_MAX_AGE_MS. */
const longestInHandSeconds = 10;

/** Pure: how many bills may wait for their turn under a pace. */
export function mostWaiting(perSecond: number): number {
  return Math.max(1, perSecond * secondsInHand);
}

/** Pure: how many bills come to their turn before their claim grows old. */
export function mostInTime(perSecond: number): number {
  return Math.max(1, Math.floor(perSecond * longestInHandSeconds));
}
