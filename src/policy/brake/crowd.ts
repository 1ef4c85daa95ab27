/** How many sends of a channel may run at a time, once its provider has proven that it works. */
export interface Crowd {
  readonly atOnce: number;
  /** How long accepted sends take while the provider is not busy. */
  readonly easyMs: number;
  /** How long sends took before the limit was last reduced; undefined if the last change was no reduction. */
  readonly slowMs: number | undefined;
  /** So many sends at a time were too many; undefined if none ever were. */
  readonly ceiling: number | undefined;
}

/** The answers to sends that began since the last change. */
export interface CrowdSample {
  readonly accepted: number;
  /** How long the accepted ones took. */
  readonly meanMs: number;
  /** Sends without a connection, not taken, or without a clear answer. */
  readonly failed: number;
  /** Whether most of the allowed sends were running. */
  readonly isUsed: boolean;
}

/**
 * The limit never falls below this because sends take long: a provider that wants fewer answers 429, or has a
 * setting for it.
 */
export const smallestCrowd = 256;
const firstCrowd = 800;
/** Fewer answers than these say little. */
export const worthBelieving = 20;
/** A smaller difference may be caused by our own process or the network. */
const slackMs = 100;
/** Below this factor, sends take as long as ever: they do not wait for each other. */
const easyTimes = 1.25;
/** Above this factor, they wait for each other. */
const crowdedTimes = 2;

/** @param easyMs how long sends took while there were few */
export function beginCrowd(most: number, easyMs: number): Crowd {
  return { atOnce: Math.min(most, firstCrowd), easyMs, slowMs: undefined, ceiling: undefined };
}

/**
 * Decides how many sends run at a time, as TCP does with its window:
 *
 * - All are used, and sends take as long as usual: twice as many.
 * - Sends begin to take longer, or the known ceiling is near: a few more.
 * - Sends take twice as long: the provider queues them, so fewer are as fast.
 * - Fewer did not make them faster: the provider itself has become slower, so that time is now usual.
 * - Many sends fail: fewer, by the share that failed.
 * @param most what the provider takes at a time
 */
export function decideCrowd(crowd: Crowd, sample: CrowdSample, most: number): Crowd {
  const { accepted, meanMs, failed, isUsed } = sample;
  if (failed >= fewestFailed && failed > failedShare * (accepted + failed)) {
    return reduced(crowd, accepted / (accepted + failed), undefined);
  }
  if (accepted < worthBelieving) return crowd;
  const easyMs = Math.min(crowd.easyMs, meanMs);
  if (meanMs <= easyMs * crowdedTimes + slackMs) {
    const isEasy = meanMs <= easyMs * easyTimes + slackMs;
    const atOnce = isUsed ? Math.min(most, grown(crowd, isEasy)) : crowd.atOnce;
    return { ...crowd, easyMs, slowMs: undefined, atOnce };
  }
  const didNotHelp = crowd.slowMs !== undefined && meanMs > crowd.slowMs * helpedBelow;
  if (didNotHelp || !isUsed) return { ...crowd, easyMs: meanMs, slowMs: undefined, ceiling: undefined };
  return reduced(crowd, (easyMs * crowdedTimes) / meanMs, meanMs);
}

/** A smaller share of failures is no sign of too many sends. */
const failedShare = 0.05;
const fewestFailed = 3;

/** If a reduction did not make sends faster than this factor, their number is not what makes them slow. */
const helpedBelow = 0.8;
/** The limit falls at most by this factor at once: a few answers prove little, and more follow. */
const steepestFall = 0.5;

function reduced(crowd: Crowd, share: number, slowMs: number | undefined): Crowd {
  const atOnce = Math.ceil(crowd.atOnce * Math.min(1, Math.max(steepestFall, share)));
  const least = Math.min(crowd.atOnce, smallestCrowd);
  return { ...crowd, atOnce: Math.max(least, atOnce), slowMs, ceiling: crowd.atOnce };
}

const carefulStep = 1.05;

function grown({ atOnce, ceiling }: Crowd, isEasy: boolean): number {
  const isNear = ceiling !== undefined && atOnce * 2 > ceiling;
  return isEasy && !isNear ? atOnce * 2 : Math.ceil(atOnce * carefulStep);
}
