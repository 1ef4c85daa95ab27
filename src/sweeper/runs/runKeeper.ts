import { releaseLease, takeLease } from '../../db/lease.ts';
import { wordsOf } from '../../db/statementFault.ts';
import { sleep } from '../../lib/sleep.ts';
import { createOutage } from '../../log/outage.ts';
import type { KeeperDeps } from './keeperDeps.ts';
import { keepRuns, type RunMemories } from './keepRuns.ts';

/**
 * Advances planned runs: releases their held bills, canary first, by pace and send windows. A lease ensures
 * that one keeper at a time works in the cluster. Safety does not depend on it: each release proves in its
 * statement that the run is where the keeper saw it.
 */
export interface RunKeeper {
  start(): void;
  /** Ends after the current turn, and gives the lease up. May be called twice. */
  stop(): Promise<void>;
}

export interface RunKeeperOptions {
  readonly everyMs: number;
  readonly leaseMs: number;
}

const leaseName = 'runs';

export function createRunKeeper(deps: KeeperDeps, options: RunKeeperOptions): RunKeeper {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  return {
    start() {
      running ??= keep(deps, options, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function keep(
  deps: KeeperDeps,
  { everyMs, leaseMs }: RunKeeperOptions,
  signal: AbortSignal,
): Promise<void> {
  const { database, log, owner } = deps;
  const outage = createOutage(log, 'runs', { wordsOf });
  const memories: RunMemories = new Map();
  let leaseUntil = 0;
  const renew = async (asked: number): Promise<void> => {
    if (asked <= leaseUntil - leaseMs / 2) return;
    leaseUntil = (await takeLease(database, leaseName, { owner, ttlMs: leaseMs })) ? asked + leaseMs : 0;
  };
  while (!signal.aborted) {
    try {
      await renew(performance.now());
      if (leaseUntil > 0) await keepRuns(deps, memories);
      else memories.clear();
      outage.succeeded();
    } catch (error) {
      if (!signal.aborted) outage.failed(error);
    }
    await sleep(leaseUntil > 0 ? everyMs : leaseMs / 4, signal);
  }
  await releaseLease(database, leaseName, owner).catch(() => undefined);
}
