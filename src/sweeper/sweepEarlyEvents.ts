import {
  forgetEarlyEvents,
  markEventsLettered,
  releaseEarlyBills,
  selectOverdueEvents,
} from '../db/transitions/earlyEvents.ts';
import { keepPoison } from '../db/transitions/poisonRecords.ts';
import type { SweepDeps } from './sweep.ts';

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
export async function sweepEarlyEvents(
  deps: SweepDeps,
): Promise<{ earlyReleased: number; earlyLettered: number }> {
  const earlyReleased = await releaseArrived(deps);
  const earlyLettered = await letterOverdue(deps);
  await forgetEarlyEvents(deps.database, { ageMs: deps.earlyEventMaxMs, limit: forgottenACall });
  return { earlyReleased, earlyLettered };
}

async function releaseArrived({ database }: SweepDeps): Promise<number> {
  const until = performance.now() + releaseMs;
  let total = 0;
  for (let atEnd = false; !atEnd && performance.now() < until; ) {
    const looked = await releaseEarlyBills(database, window);
    total += looked.released;
    atEnd = looked.atEnd;
  }
  return total;
}

async function letterOverdue(deps: SweepDeps): Promise<number> {
  const { database, throttledLog } = deps;
  const ageMs = Math.min(deps.earlyEventLetterMs, deps.earlyEventMaxMs);
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
    throttledLog.warn(
      'the bill of an event has not come so far, its dead letter is owed',
      { topic, partition, offset, reason },
      found,
    );
  }
  return total;
}
