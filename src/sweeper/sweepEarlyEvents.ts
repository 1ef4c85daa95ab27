import {
  forgetEarlyEvents,
  markEventsLettered,
  releaseEarlyBills,
  selectOverdueEvents,
} from '../db/transitions/earlyEvents.ts';
import { keepPoison } from '../db/transitions/poisonRecords.ts';
import type { SweepDeps } from './sweepDeps.ts';

const window = 5_000;
/** The time to look for rows per sweep: a million events of bills that never come take minutes. */
const releaseMs = 60;

const overduePerCall = { limit: 1_000, bytes: 4_000_000 };
/** The time for dead letters per sweep: those of a hundred thousand events take a few minutes. */
const letterMs = 250;
const forgottenPerCall = 5_000;

/**
 * Handles events that came before their rows. If the row has come, the bill is released. After
 * `earlyEventLetterMs` a dead letter with the event's bytes says that the bill is still unknown. The event
 * waits on, and is deleted after `earlyEventMaxMs`. The letter is stored before the event is marked; to store
 * it twice changes nothing.
 */
export async function sweepEarlyEvents(
  deps: SweepDeps,
): Promise<{ earlyReleased: number; earlyLettered: number }> {
  const earlyReleased = await releaseArrived(deps);
  const earlyLettered = await letterOverdue(deps);
  await forgetEarlyEvents(deps.database, { ageMs: deps.earlyEventMaxMs, limit: forgottenPerCall });
  return { earlyReleased, earlyLettered };
}

async function releaseArrived({ database, ladder }: SweepDeps): Promise<number> {
  const until = performance.now() + releaseMs;
  let total = 0;
  for (let atEnd = false; !atEnd && performance.now() < until; ) {
    const looked = await releaseEarlyBills(database, { window, order: ladder.order });
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
    const overdue = await selectOverdueEvents(database, { ageMs, ...overduePerCall });
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
      'the bill of an event has not come, its dead letter is owed',
      { topic, partition, offset, reason },
      found,
    );
  }
  return total;
}
