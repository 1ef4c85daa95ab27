import { forgetEarlyEvents, releaseEarlyBills, selectExpiredEvents } from '../db/earlyEvents.ts';
import { keepPoison } from '../db/poison.ts';
import type { SweepParts } from './sweep.ts';

const window = 5_000;
/** What one sweep may spend on looking for rows; a million events of bills that never come are through in minutes. */
const releaseMs = 60;

const expiredACall = { limit: 1_000, bytes: 4_000_000 };
/** What one sweep may spend on giving events up: a hundred thousand are dead letters in a few minutes. */
const giveUpMs = 250;

/**
 * Events that came before their rows: where the row has come, the bill is let go; after `earlyEventMaxMs` the event
 * becomes a dead letter. It is kept as such before it is forgotten here, and keeping it twice changes nothing.
 */
export const sweepEarlyEvents = async (
  parts: SweepParts,
): Promise<{ earlyReleased: number; earlyGivenUp: number }> => ({
  earlyReleased: await releaseArrived(parts),
  earlyGivenUp: await giveUpExpired(parts),
});

const releaseArrived = async ({ database }: SweepParts): Promise<number> => {
  const until = performance.now() + releaseMs;
  let total = 0;
  for (let atEnd = false; !atEnd && performance.now() < until; ) {
    const looked = await releaseEarlyBills(database, window);
    total += looked.released;
    atEnd = looked.atEnd;
  }
  return total;
};

const giveUpExpired = async ({ database, tally, earlyEventMaxMs }: SweepParts): Promise<number> => {
  const until = performance.now() + giveUpMs;
  let total = 0;
  for (let found = 1; found > 0 && performance.now() < until; total += found) {
    const expired = await selectExpiredEvents(database, { maxMs: earlyEventMaxMs, ...expiredACall });
    const [first] = expired;
    found = expired.length;
    if (first === undefined) break;
    await keepPoison(
      database,
      expired.map(({ record }) => record),
    );
    await forgetEarlyEvents(
      database,
      expired.map(({ id }) => id),
    );
    const { topic, partition, offset, reason } = first.record;
    tally.count(
      'the bill of an event has not come, its dead letter is owed',
      { topic, partition, offset, reason },
      found,
    );
  }
  return total;
};
