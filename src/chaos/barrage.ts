import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../sample/random.ts';
import { strikes } from './faults/faults.ts';
import type { FaultKind, PlannedFault } from './schedule.ts';
import type { Blow } from './watch.ts';
import type { World } from './world.ts';

/**
 * Strikes by the schedule, each fault on its own, so that they overlap; two of a kind never do, since a server that is
 * down cannot be killed. Resolves when the last one is undone; rejects with the first fault that could not be.
 */
export const strikeAll = async (options: {
  world: World;
  plan: readonly PlannedFault[];
  seed: number;
  signal: AbortSignal;
  onStrike: (kind: FaultKind, what: string) => Blow;
}): Promise<void> => {
  const { plan, signal } = options;
  const startedAt = performance.now();
  const busy = new Set<FaultKind>();
  const underWay: Promise<void>[] = [];
  try {
    for (const fault of plan) {
      await sleep(Math.max(0, fault.atMs - (performance.now() - startedAt)), undefined, { signal });
      if (busy.has(fault.kind)) continue;
      busy.add(fault.kind);
      const struck = strikeOnce(fault, options).finally(() => busy.delete(fault.kind));
      struck.catch(() => undefined);
      underWay.push(struck);
    }
    await Promise.all(underWay);
  } finally {
    await Promise.allSettled(underWay);
  }
};

const strikeOnce = async (
  { kind, number }: PlannedFault,
  options: Parameters<typeof strikeAll>[0],
): Promise<void> => {
  const { world, seed, signal, onStrike } = options;
  let blow: Blow | undefined;
  await strikes[kind]({
    ...{ world, signal, random: createRandom(seed, BigInt(number)) },
    begin: (what) => {
      blow = onStrike(kind, what);
    },
  });
  blow?.over();
};
