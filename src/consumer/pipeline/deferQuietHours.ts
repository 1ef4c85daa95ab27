import { type QuietHours, quietMsLeft } from '../../policy/quietHours.ts';
import type { ClaimedBill, Lane } from './lane.ts';
import type { StageDeps } from './stage.ts';

interface QuietBill {
  readonly bill: ClaimedBill;
  readonly quietHours?: QuietHours | undefined;
}

/**
 * Puts back messages of members who are in their quiet hours, or will be before the send has to begin. The
 * row is PENDING until these hours end, and then the relay publishes its event. Judged by the database's
 * clock, since a dispatcher's may be wrong.
 * @returns the others
 */
export async function deferQuietHours<Bill extends QuietBill>(
  { decisions, settler, timeZone, now, startDeadlineMs }: StageDeps,
  lane: Lane,
  bills: readonly Bill[],
): Promise<readonly Bill[]> {
  const { keepsQuietHours } = decisions.ladder.rules[lane.channel];
  if (!keepsQuietHours || bills.every(({ quietHours }) => quietHours === undefined)) return bills;
  const at = await now();
  return bills.filter(({ bill, quietHours }) => {
    const delayMs =
      quietHours === undefined ? 0 : quietDelayMs(quietHours, at, { startDeadlineMs, timeZone });
    if (delayMs === 0) return true;
    settler.settle(bill, { transition: 'quietHours', reason: 'QUIET_HOURS', delayMs });
    return false;
  });
}

function quietDelayMs(
  hours: QuietHours,
  now: Date,
  { startDeadlineMs, timeZone }: { readonly startDeadlineMs: number; readonly timeZone: string },
): number {
  const leftMs = quietMsLeft(hours, now, timeZone);
  if (leftMs > 0) return leftMs;
  const latestStart = new Date(now.getTime() + startDeadlineMs);
  const leftThenMs = quietMsLeft(hours, latestStart, timeZone);
  return leftThenMs === 0 ? 0 : leftThenMs + startDeadlineMs;
}
