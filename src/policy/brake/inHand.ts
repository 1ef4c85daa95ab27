/** Under a pace, bills are claimed this far ahead. */
const secondsInHand = 2;
/** Bills claimed before there was a pace are kept for this long: far below any sensible BATCH_MAX_AGE_MS. */
const longestInHandSeconds = 10;

/** Bills are claimed together: one at a time would cost a batch each, and few batches run at a time. */
const leastShare = 0.25;

/** Pure: how many more bills may be claimed under a pace, if so many wait for their turn already. */
export function roomInHand(perSecond: number, waiting: number): number {
  const most = Math.max(1, perSecond * secondsInHand);
  const room = most - waiting;
  return room < most * leastShare ? 0 : room;
}

/** Pure: how many bills come to their turn before their claim grows old. */
export function mostInTime(perSecond: number): number {
  return Math.max(1, Math.floor(perSecond * longestInHandSeconds));
}
