import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import type { StateCounts } from '../db/facts.ts';
import { createLetGo } from '../db/letGo.ts';
import { BillcastError } from '../errors.ts';
import type { World } from './world.ts';

const portionEveryMs = 250;

/** Lets all bills go, a portion at a time over the span, so that bills are under way whenever a fault strikes. */
export const letGoSteadily = async (options: {
  database: Database;
  bills: number;
  spanMs: number;
  signal: AbortSignal;
}): Promise<void> => {
  const { database, bills, spanMs, signal } = options;
  const limit = Math.ceil((bills * portionEveryMs) / spanMs);
  const letGo = createLetGo(database);
  for (let left = bills; left > 0; left -= limit) {
    await letGo.next(limit);
    await sleep(portionEveryMs, undefined, { signal });
  }
};

const lookEveryMs = 500;

/**
 * Waits until nothing moves any more and nothing is owed.
 * @returns false where that does not come within the limit
 */
export const untilQuiet = async (options: {
  world: World;
  states: () => StateCounts | undefined;
  limitMs: number;
  signal: AbortSignal;
}): Promise<boolean> => {
  const { world, states, limitMs, signal } = options;
  const giveUpAt = performance.now() + limitMs;
  while (performance.now() < giveUpAt) {
    const seen = states();
    if (seen !== undefined && isQuiet(seen, world.doubtIsFinal) && (await isDrained(world))) return true;
    await sleep(lookEveryMs, undefined, { signal });
  }
  return false;
};

/** Brokers that have just come back may not tell yet. */
const isDrained = async ({ lag }: World): Promise<boolean> => {
  try {
    return (await lag()) === 0;
  } catch (error) {
    if (error instanceof BillcastError && error.code === 'KAFKA_FAILED') return false;
    throw error;
  }
};

const isQuiet = (states: StateCounts, doubtIsFinal: boolean): boolean => {
  const { pending, sending, sent, inDoubt, owed, retransmissions, earlyEvents } = states;
  const open = pending + sending + sent + (doubtIsFinal ? 0 : inDoubt);
  return open + owed + retransmissions + earlyEvents === 0;
};
