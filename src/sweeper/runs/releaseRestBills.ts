import { beginAgain } from '../../db/runs/moveRun.ts';
import { readRecentFailures } from '../../db/runs/recentFailures.ts';
import { releaseRest } from '../../db/runs/releaseOfRun.ts';
import { judgeRecent } from '../../runs/gates.ts';
import { endIfEnded, waitAfterLook } from './endIfEnded.ts';
import { followReleased } from './followReleased.ts';
import { heldByBills } from './heldByBills.ts';
import { holdRun, type KeeperDeps } from './keeperDeps.ts';
import { heldByTemplate, whyWaits } from './mayRelease.ts';
import { mostPerRelease, roomNow } from './roomNow.ts';
import type { KeptRun } from './runMemory.ts';
import type { Surroundings } from './runSurroundings.ts';

/** Releases the rest of a run, some seconds' worth ahead of what is sent, until all of it has ended. */
export async function releaseRestBills(deps: KeeperDeps, kept: KeptRun, around: Surroundings): Promise<void> {
  const waiting = whyWaits(deps, kept, around);
  await followReleased(deps, kept, waiting === undefined);
  if (await heldByTemplate(deps, kept, around)) return;
  if (await heldByFailures(deps, kept)) return;
  if (waiting !== undefined || (await heldByBills(deps, kept))) return;
  const room = roomNow(kept.memory, around);
  if (room === 0) return;
  const goesOn = await releaseNext(deps, kept, room);
  if (!goesOn) await endPass(deps, kept);
}

/** Releases up to `room` bills, some thousand per statement. @returns whether the pass has more */
async function releaseNext({ database, config }: KeeperDeps, kept: KeptRun, room: number): Promise<boolean> {
  const { run, memory } = kept;
  const { selection, asOf } = memory;
  const common = { run: run.number, order: config.ladder.order, selection, asOf };
  let { through } = run;
  for (let left = room; left > 0; ) {
    const limit = Math.min(left, mostPerRelease);
    const { released, through: next } = await releaseRest(database, { ...common, limit, through });
    memory.batches.add(released);
    if (next === null) return false;
    through = next;
    left -= released.length;
  }
  return true;
}

/** Bills that were locked when the pass came by are left to the next pass. */
async function endPass(deps: KeeperDeps, { run, memory }: KeptRun): Promise<void> {
  const askedMs = performance.now();
  if (memory.batches.size > 0 || askedMs < memory.nextLookMs) return;
  const { selection, asOf } = memory;
  if (await beginAgain(deps.database, { run: run.number, selection, asOf })) {
    memory.nextLookMs = waitAfterLook(askedMs);
    return;
  }
  await endIfEnded(deps, { run, memory });
}

/**
 * Holds the run if many bills fail before they are sent, by a template or a key. Brakes do not see that: they
 * count what providers answer.
 */
async function heldByFailures(deps: KeeperDeps, kept: KeptRun): Promise<boolean> {
  const { run, memory } = kept;
  const since = memory.runningSince ?? run.now;
  const recent = await readRecentFailures(deps.database, run.number, since);
  const through = memory.speed.recent();
  const detail = judgeRecent({ ...recent, through }, memory.plan.gates.failed);
  if (detail === undefined) return false;
  await holdRun(deps, kept, { code: 'FAILURES', detail, facts: { failed: recent.failed, through } });
  return true;
}
