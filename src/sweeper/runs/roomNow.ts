import { releaseRoom } from '../../runs/releaseRoom.ts';
import type { RunMemory } from './runMemory.ts';
import type { Surroundings } from './runSurroundings.ts';

/** How many bills the run may release now. What its pace has left over is kept for the next time. */
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

/** The first release has the pace of a second. */
const firstElapsedMs = 1_000;

/** Per statement: it holds its locks for some hundred milliseconds. */
export const mostPerRelease = 5_000;
