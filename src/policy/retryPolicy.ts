import { backoffMs } from '../lib/backoff.ts';

const retryBackoff = { firstMs: 1_000, longestMs: 300_000, jitter: 0.5 };
const firstLookupMs = 5_000;
const longestLookupMs = 600_000;

/**
 * How long a bill that was certainly not sent waits: from 1 s, doubled each time up to 5 min, less a random
 * part of up to half so that bills do not come back in step, and never shorter than the provider asked for.
 * @param attempts hand-offs in this cycle and channel so far
 * @param random in [0, 1)
 */
export function retryDelayMs(attempts: number, retryAfterMs: number, random: number): number {
  return Math.max(retryAfterMs, backoffMs(attempts, retryBackoff, random));
}

/**
 * How long after its final failure a bill's next cycle starts: doubled with every cycle.
 * @returns undefined once `maxCycles` have been made: the bill stays FAILED, for a person
 */
export function retransmitDelayMs(
  cycle: number,
  { delayMs, maxCycles }: { delayMs: number; maxCycles: number },
): number | undefined {
  return cycle < maxCycles ? delayMs * 2 ** (cycle - 1) : undefined;
}

/**
 * How long until the provider is asked again about a bill in doubt: a quarter of the time since its hand-off,
 * but 5 s at least and 10 min at most.
 */
export function nextLookupDelayMs(handedOffMsAgo: number): number {
  return Math.min(Math.max(handedOffMsAgo / 4, firstLookupMs), longestLookupMs);
}
