import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/db/database.ts';
import { countBillStates, type StateCounts } from '../../src/db/reads/stateCounts.ts';
import { createRelease } from '../../src/db/transitions/releaseHeld.ts';
import { BillcastError } from '../../src/errors.ts';
import type { Ladder } from '../../src/ladder.ts';
import { countOpenDoubts, countOpenReceipts } from './chaosRows.ts';
import type { Testbed } from './testbed.ts';

const portionEveryMs = 250;

/** Releases all bills in portions over the whole span, so that every fault meets bills in progress. */
export async function releaseSteadily(options: {
  database: Database;
  ladder: Ladder;
  bills: number;
  spanMs: number;
  signal: AbortSignal;
}): Promise<void> {
  const { database, ladder, bills, spanMs, signal } = options;
  const limit = Math.ceil((bills * portionEveryMs) / spanMs);
  const release = createRelease(database, ladder);
  for (let left = bills; left > 0; left -= limit) {
    await release.next(limit);
    await sleep(portionEveryMs, undefined, { signal });
  }
}

const lookEveryMs = 500;

/**
 * Waits until no bill is in progress and nothing is owed.
 * @returns false if the limit passes first
 */
export async function untilQuiescent(options: {
  testbed: Testbed;
  states: () => StateCounts | undefined;
  limitMs: number;
  signal: AbortSignal;
}): Promise<boolean> {
  const { testbed, states, limitMs, signal } = options;
  const giveUpAt = performance.now() + limitMs;
  while (performance.now() < giveUpAt) {
    const seen = states();
    if (seen !== undefined && isQuiescent(seen) && (await hasNothingOpen(testbed))) {
      if (await isDrained(testbed)) return true;
    }
    await sleep(lookEveryMs, undefined, { signal });
  }
  return false;
}

/** The last receipt may have moved its bill since the states were seen, so they are looked at again. */
async function hasNothingOpen({ database, finalDoubts }: Testbed): Promise<boolean> {
  const open = (await countOpenReceipts(database)) + (await countOpenDoubts(database, finalDoubts));
  if (open > 0) return false;
  return isQuiescent(await countBillStates(database, 'EMAIL'));
}

/** Brokers that have just restarted may not answer yet: then it is not drained. */
async function isDrained({ lag }: Testbed): Promise<boolean> {
  try {
    return (await lag()) === 0;
  } catch (error) {
    if (error instanceof BillcastError && error.code === 'KAFKA_FAILED') return false;
    throw error;
  }
}

/** Doubts are looked at by themselves. */
function isQuiescent(states: StateCounts): boolean {
  const { pending, sending, sent, owed, retransmissions, earlyEvents } = states;
  const open = pending + sending + sent;
  return open + owed + retransmissions + earlyEvents === 0;
}
