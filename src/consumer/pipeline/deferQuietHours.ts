import { type QuietHours, quietMsLeft } from '../../policy/quietHours.ts';
import type { ClaimedBill } from './claimedBill.ts';
import type { Lane } from './lane.ts';
import type { PipelineDeps } from './pipelineDeps.ts';

/**
 * Puts back the SMS of members whose quiet hours it is, or will be before its send has to begin: the row is PENDING
 * until they end, and the relay wakes it up then. By the database's clock, since a dispatcher's may be wrong. An e-mail
 * disturbs nobody.
 * @returns the others
 */
export async function deferQuietHours<
  Bill extends ClaimedBill & { readonly quietHours?: QuietHours | undefined },
>(
  { settler, timeZone, now, startDeadlineMs }: PipelineDeps,
  lane: Lane,
  bills: readonly Bill[],
): Promise<readonly Bill[]> {
  if (lane.channel === 'EMAIL' || bills.every(({ quietHours }) => quietHours === undefined)) return bills;
  const at = await now();
  return bills.filter(({ record, claim, quietHours }) => {
    const delayMs =
      quietHours === undefined ? 0 : quietDelayMs(quietHours, at, { startDeadlineMs, timeZone });
    if (delayMs === 0) return true;
    settler.settle({ record, claim }, { transition: 'quietHours', reason: 'QUIET_HOURS', delayMs });
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
