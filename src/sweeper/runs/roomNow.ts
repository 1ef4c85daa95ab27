import { releaseRoom } from '../../runs/releaseRoom.ts';
import type { RunMemory } from './runMemory.ts';
import type { Surroundings } from './runSurroundings.ts';

/**
 * How many bills the run may release now. What its pace allows and is not used is saved for the next time.
 */
export function roomNow(
  memory: RunMemory,
  { providerPerSecond }: Pick<Surroundings, 'providerPerSecond'>,
): number {
  const now = performance.now();
  const { bills, savedBills } = releaseRoom({
    pacePerSecond: memory.plan.pace?.perSecond ?? null,
    elapsedMs: now - (memory.releasedAtMs ?? now - firstElapsedMs),
    savedBills: memory.savedBills,
    onTheirWay: memory.batches.size,
    measuredPerSecond: memory.speed.perSecond(),
    providerPerSecond,
  });
  memory.releasedAtMs = now;
  memory.savedBills = savedBills;
  return bills;
}

/** The first release counts as one second of the pace. */
const firstElapsedMs = 1_000;

/** The most per statement, which holds its locks for some hundred milliseconds. */
export const mostPerRelease = 5_000;
