import { quietMsLeft } from '../../send/quietHours.ts';
import type { LoadedBill } from '../carriedBill.ts';
import type { Lane } from '../lane.ts';
import type { PipelineParts } from '../pipelineParts.ts';

/**
 * Puts back the SMS of members whose quiet hours it is: the row is PENDING until they end, and the relay wakes it
 * up then. An e-mail disturbs nobody.
 * @returns the others
 */
export const holdQuiet = (
  { settler, timeZone, now }: PipelineParts,
  lane: Lane,
  bills: readonly LoadedBill[],
): LoadedBill[] => {
  if (lane.channel === 'EMAIL') return [...bills];
  return bills.filter(({ record, claim, quietHours }) => {
    const delayMs = quietHours === undefined ? 0 : quietMsLeft(quietHours, now(), timeZone);
    if (delayMs === 0) return true;
    settler.settle({ record, claim }, { transition: 'quietHours', reason: 'QUIET_HOURS', delayMs });
    return false;
  });
};
