import { createLeasedLoop, type LeasedLoop } from '../../db/leasedLoop.ts';
import type { KeeperDeps } from './keeperDeps.ts';
import { keepRuns, type RunMemories } from './keepRuns.ts';

export interface RunKeeperOptions {
  readonly everyMs: number;
  readonly leaseMs: number;
}

/**
 * Advances planned runs: releases their held bills, canary first, by pace and send windows. A lease ensures
 * that one keeper at a time works in the cluster. Safety does not depend on it: each release proves in its
 * statement that the run is where the keeper saw it.
 */
export function createRunKeeper(deps: KeeperDeps, { everyMs, leaseMs }: RunKeeperOptions): LeasedLoop {
  const { database, log, owner } = deps;
  const memories: RunMemories = new Map();
  return createLeasedLoop({
    database,
    name: 'runs',
    owner,
    leaseMs,
    log,
    async round() {
      await keepRuns(deps, memories);
      return everyMs;
    },
    // Another keeper moves the runs on.
    onOthers: () => memories.clear(),
  });
}
