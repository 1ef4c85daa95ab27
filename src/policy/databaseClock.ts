import { elapsedSince, type Instant, readClocks } from '../providers/startDeadline.ts';

/** The time by the database's clock, which all processes share. */
export type DatabaseClock = () => Promise<Date>;

/** For so long our own clock carries on from what the database said: they drift apart by less than a ms. */
const trustedMs = 10_000;
/**
 * If our two clocks differ by more, the machine slept or its clock was set. Then the database's answer is no
 * longer valid.
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
