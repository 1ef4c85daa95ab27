import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/sample/random.ts';
import { strikes } from './faults/faultKinds.ts';
import { clusterKinds, type InjectionKind, type PlannedFault } from './schedule.ts';
import type { World } from './testbed.ts';
import type { Blow } from './watch.ts';

/**
 * Strikes by the schedule, each fault on its own, so that they overlap; two of a kind never do, since a server that is
 * down cannot be killed. Those of Kafka wait for one another. Resolves when the last one is undone; rejects with the first fault that could not be.
 */
export async function strikeAll(options: {
  world: World;
  plan: readonly PlannedFault[];
  seed: number;
  signal: AbortSignal;
  onStrike: (kind: InjectionKind, what: string) => Blow;
}): Promise<void> {
  const { plan, signal } = options;
  const startedAt = performance.now();
  const busy = new Set<InjectionKind>();
  let kafka: Promise<unknown> = Promise.resolve();
  const underWay: Promise<void>[] = [];
  try {
    for (const fault of plan) {
      await sleep(Math.max(0, fault.atMs - (performance.now() - startedAt)), undefined, { signal });
      if (busy.has(fault.kind)) continue;
      busy.add(fault.kind);
      const inTurn = kafkaKinds.includes(fault.kind);
      const turn = inTurn ? kafka.then(() => strikeOnce(fault, options)) : strikeOnce(fault, options);
      const struck = turn.finally(() => busy.delete(fault.kind));
      if (inTurn) kafka = struck.catch(() => undefined);
      struck.catch(() => undefined);
      underWay.push(struck);
    }
    await Promise.all(underWay);
  } finally {
    await Promise.allSettled(underWay);
  }
}

/** A broker that is being started again cannot be killed by another fault. */
const kafkaKinds: readonly InjectionKind[] = ['kafka', ...clusterKinds];

async function strikeOnce(
  { kind, number }: PlannedFault,
  options: Parameters<typeof strikeAll>[0],
): Promise<void> {
  const { world, seed, signal, onStrike } = options;
  let blow: Blow | undefined;
  await strikes[kind]({
    world,
    signal,
    random: createRandom(seed, BigInt(number)),
    begin: (what) => {
      blow = onStrike(kind, what);
    },
  });
  blow?.over();
}
