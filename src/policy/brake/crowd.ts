/** How many sends of a channel may run at a time, once its provider has proven that it works. */
export interface Crowd {
  readonly atOnce: number;
  /** How long an accepted send takes while the provider is at ease. */
  readonly easyMs: number;
  /** How long sends took before the last reduction; undefined if the last change was none. */
  readonly slowMs: number | undefined;
  /** As many were too many; undefined if none ever were. */
  readonly ceiling: number | undefined;
}

/** What was answered to sends that began since the last change. */
export interface CrowdSample {
  readonly accepted: number;
  /** Of the accepted ones. */
  readonly meanMs: number;
  /** No connection, not taken, or no clear answer. */
  readonly failed: number;
  /** Whether most of what is allowed was running. */
  readonly isUsed: boolean;
}

/**
 * No fewer than these because sends take long: a provider that wants fewer answers 429, or the setting says
 * so.
 */
export const smallestCrowd = 256;
const firstCrowd = 800;
/** Fewer answers than these say little. */
export const worthBelieving = 20;
/** Less than this may as well be our own slowness, or the network's. */
const slackMs = 100;
/** Sends take as long as ever: they do not wait for each other. */
const easyTimes = 1.25;
/** They wait for each other. */
const crowdedTimes = 2;

/** @param easyMs how long sends took while there were few */
export function beginCrowd(most: number, easyMs: number): Crowd {
  return { atOnce: Math.min(most, firstCrowd), easyMs, slowMs: undefined, ceiling: undefined };
}

/**
 * Decides how many sends run at a time, as TCP does with its window. If all are used and sends take no longer
 * than usual, twice as many. If sends begin to take longer, or too many is near, a few more. If they take
 * twice as long, the provider queues them: fewer are as fast. If fewer do not help, it has become slower.
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

/** Some among many are no crowd. */
const failedShare = 0.05;
const fewestFailed = 3;

/** If it did not help, slowness is no longer taken for a crowd. */
const helpedBelow = 0.8;
/** A few answers say little, and the next ones say more. */
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
