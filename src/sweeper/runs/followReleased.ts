import { selectOnTheirWay } from '../../db/runs/onTheirWay.ts';
import type { KeeperDeps } from './keeperDeps.ts';
import type { KeptRun } from './runMemory.ts';

/**
 * Finds out which released bills are through, and how fast they go: that decides how many may follow.
 * @param isFlowing whether nothing holds bills back
 */
export async function followReleased(
  { database }: Pick<KeeperDeps, 'database'>,
  { run, memory }: KeptRun,
  isFlowing: boolean,
): Promise<void> {
  await memory.batches.settle((billIds) => selectOnTheirWay(database, billIds));
  memory.speed.observe(performance.now(), isFlowing, run.released - memory.batches.size);
}
