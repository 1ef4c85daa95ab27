import { elapsedSince, type Instant, readClocks } from '../providers/startDeadline.ts';

/** The time by the database's clock, which all processes share. */
export type DatabaseClock = () => Promise<Date>;

/**
 * How long what the database said is carried on by our own clock: they drift by less than a ms in that time.
 */
const trustedMs = 10_000;
/**
 * Our two clocks differ by more if the machine slept or its clock was set: what was asked is worth nothing
 * then.
 */
const toleranceMs = 100;

/** Asks the database only when the time is needed and the last answer is old. */
export function createDatabaseClock(ask: () => Promise<Date>, clocks = readClocks): DatabaseClock {
  let known: { readonly at: Instant; readonly databaseMs: number } | undefined;
  let asking: Promise<void> | undefined;

  const askAgain = async (): Promise<void> => {
    const asked = clocks();
    const answer = await ask();
    const at = clocks();
    known = { at, databaseMs: answer.getTime() + elapsedSince(asked, at) / 2 };
  };

  return async () => {
    for (;;) {
      const now = clocks();
      if (known !== undefined && isTrusted(known.at, now)) {
        return new Date(known.databaseMs + (now.monotonicMs - known.at.monotonicMs));
      }
      asking ??= askAgain().finally(() => {
        asking = undefined;
      });
      await asking;
    }
  };
}

function isTrusted(at: Instant, now: Instant): boolean {
  const monotonicMs = now.monotonicMs - at.monotonicMs;
  return monotonicMs < trustedMs && Math.abs(now.wallMs - at.wallMs - monotonicMs) < toleranceMs;
}
