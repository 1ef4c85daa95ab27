/** Under a pace, so many seconds' worth of bills are claimed ahead. */
const secondsInHand = 2;
/**
 * If a pace begins, bills that are claimed already are kept for this long: far below any sensible
 * BATCH_MAX_AGE_MS.
 */
const longestInHandSeconds = 10;

/**
 * Bills are claimed only if there is room for this share: one at a time would cost a batch each, and few
 * batches run at a time.
 */
const leastShare = 0.25;

/** Pure: how many more bills may be claimed under a pace, if so many wait for their turn already. */
export function roomInHand(perSecond: number, waiting: number): number {
  const most = Math.max(1, perSecond * secondsInHand);
  const room = most - waiting;
  return room < most * leastShare ? 0 : room;
}

/** Pure: how many bills have their turn before their claim is too old. */
export function mostInTime(perSecond: number): number {
  return Math.max(1, Math.floor(perSecond * longestInHandSeconds));
}

/** How long a statement that hands bills off may take under load. */
const handOffMs = 20;
/** More rounds than this would not help, and if a process dies, all that is handed off is in doubt. */
const mostRoundsAhead = 4;

/**
 * Pure: how many bills may be handed off besides those that are being sent, so that the next send need not
 * wait for a statement.
 * @param atOnce what the provider takes at a time
 * @param meanMs how long its sends take; Infinity if that is not known
 */
export function handedOffAhead(atOnce: number, meanMs: number): number {
  return Math.floor(atOnce * Math.min(mostRoundsAhead, handOffMs / meanMs));
}

/**
 * Pure: how many bills may be claimed: what the provider takes in two turns, one that it is sending and one
 * in preparation. If a turn takes less than a second, what it takes in two seconds: preparing bills takes
 * longer than a quick turn.
 * @param meanMs how long its sends take; Infinity if that is not known
 */
export function claimedFor(atOnce: number, meanMs = Number.POSITIVE_INFINITY): number {
  const twoTurns = atOnce * 2;
  if (meanMs === Number.POSITIVE_INFINITY) return twoTurns;
  return Math.max(twoTurns, Math.floor((atOnce * secondsInHand * 1_000) / meanMs));
}
