import { releaseRoom } from '../../runs/releaseRoom.ts';
import type { RunMemory } from './runMemory.ts';

/** How many bills the run may release now. What its pace has left over is kept for the next time. */
export function roomNow(memory: RunMemory): number {
  const now = performance.now();
  const { bills, savedBills } = releaseRoom({
    pacePerSecond: memory.plan.pace?.perSecond ?? null,
    elapsedMs: now - (memory.releasedAtMs ?? now - firstElapsedMs),
    savedBills: memory.savedBills,
    onTheirWay: memory.batches.size,
    measuredPerSecond: memory.speed.perSecond(),
  });
  memory.releasedAtMs = now;
  memory.savedBills = savedBills;
  return bills;
}

/** The first release has the pace of a second. */
const firstElapsedMs = 1_000;
