import {
  forgetEarlyEvents,
  markEventsLettered,
  releaseEarlyBills,
  selectOverdueEvents,
} from '../db/earlyEvents.ts';
import { keepPoison } from '../db/poison.ts';
import type { SweepParts } from './sweep.ts';

const window = 5_000;
/** What one sweep may spend on looking for rows; a million events of bills that never come are through in minutes. */
const releaseMs = 60;

const overdueACall = { limit: 1_000, bytes: 4_000_000 };
/** What one sweep may spend on dead letters: those of a hundred thousand events are out in a few minutes. */
const letterMs = 250;
const forgottenACall = 5_000;

/**
 * Events that came before their rows. If the row has come, the bill is let go. After `earlyEventLetterMs` a dead letter
 * says that the bill is unknown so far, with the event's bytes; the event still waits, and is forgotten after
 * `earlyEventMaxMs`. The letter is kept before it is marked here, and keeping it twice changes nothing.
 */
export const sweepEarlyEvents = async (
  parts: SweepParts,
): Promise<{ earlyReleased: number; earlyLettered: number }> => {
  const earlyReleased = await releaseArrived(parts);
  const earlyLettered = await letterOverdue(parts);
  await forgetEarlyEvents(parts.database, { ageMs: parts.earlyEventMaxMs, limit: forgottenACall });
  return { earlyReleased, earlyLettered };
};

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

const letterOverdue = async (parts: SweepParts): Promise<number> => {
  const { database, tally } = parts;
  const ageMs = Math.min(parts.earlyEventLetterMs, parts.earlyEventMaxMs);
  const until = performance.now() + letterMs;
  let total = 0;
  for (let found = 1; found > 0 && performance.now() < until; total += found) {
    const overdue = await selectOverdueEvents(database, { ageMs, ...overdueACall });
    const [first] = overdue;
    found = overdue.length;
    if (first === undefined) break;
    await keepPoison(
      database,
      overdue.map(({ record }) => record),
    );
    await markEventsLettered(
      database,
      overdue.map(({ id }) => id),
    );
    const { topic, partition, offset, reason } = first.record;
    tally.count(
      'the bill of an event has not come so far, its dead letter is owed',
      { topic, partition, offset, reason },
      found,
    );
  }
  return total;
};
