import { reserveMails } from '../db/warmupDays.ts';
import { DailySends, type ReserveMails } from '../policy/rate/dailySends.ts';
import type { OpenQuota } from '../providers/dayQuota.ts';
import type { RateDeps } from './rateLines.ts';

export interface QuotaOptions {
  readonly startDeadlineMs: number;
  readonly timeZone: string;
}

/** The longest time from taking a slot to the hand-off, when the start deadline begins to count. */
const handOffMs = 5_000;

/** A named number of sends per day: all processes that use this name share it. */
export function openQuota(
  { database, throttledLog }: RateDeps,
  { startDeadlineMs, timeZone }: QuotaOptions,
): OpenQuota {
  return (name, limits) => {
    const reserve: ReserveMails = async (count) => {
      const sentMs = performance.now();
      try {
        const { leftMs, ...mails } = await reserveMails(database, { ...name, limits, timeZone, count });
        return { ...mails, endsMs: sentMs + leftMs, nextMs: performance.now() + leftMs };
      } catch (error) {
        throttledLog.warn('mails of the warm-up plan cannot be reserved', { ...name, err: error });
        return undefined;
      }
    };
    return new DailySends({ reserve, longestStartMs: startDeadlineMs + handOffMs });
  };
}
