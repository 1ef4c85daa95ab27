import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/sample/random.ts';
import { injectors } from './faults/faultKinds.ts';
import type { Injection } from './injectionHistory.ts';
import { clusterKinds, type InjectionKind, type PlannedFault } from './schedule.ts';
import type { Testbed } from './testbed.ts';

interface NemesisOptions {
  readonly testbed: Testbed;
  readonly plan: readonly PlannedFault[];
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly onInjection: (kind: InjectionKind, what: string) => Injection;
}

/**
 * Injects the faults of the plan, each at its time, so that they overlap. Two of a kind never do: a server
 * that is down cannot be killed. Faults of Kafka wait for one another. Resolves when the last fault is
 * undone.
 * @throws the first error of a fault that could not be injected or undone
 */
export async function runNemesis(options: NemesisOptions): Promise<void> {
  const { plan, signal } = options;
  const startedAt = performance.now();
  const busy = new Set<InjectionKind>();
  const injectInTurn = createTurns(options);
  const running: Promise<void>[] = [];
  try {
    for (const fault of plan) {
      await sleep(Math.max(0, fault.atMs - (performance.now() - startedAt)), undefined, { signal });
      if (busy.has(fault.kind)) continue;
      busy.add(fault.kind);
      const injected = injectInTurn(fault).finally(() => busy.delete(fault.kind));
      injected.catch(() => undefined);
      running.push(injected);
    }
    await Promise.all(running);
  } finally {
    await Promise.allSettled(running);
  }
}

/** A broker that is being restarted cannot be killed by another fault. */
const kafkaKinds: readonly InjectionKind[] = ['kafka', ...clusterKinds];

/** Injects at once, but for faults of Kafka, which wait until the one before is undone. */
function createTurns(options: NemesisOptions): (fault: PlannedFault) => Promise<void> {
  let kafka: Promise<unknown> = Promise.resolve();
  return (fault) => {
    if (!kafkaKinds.includes(fault.kind)) return inject(fault, options);
    const injected = kafka.then(() => inject(fault, options));
    kafka = injected.catch(() => undefined);
    return injected;
  };
}

async function inject({ kind, number }: PlannedFault, options: NemesisOptions): Promise<void> {
  const { testbed, seed, signal, onInjection } = options;
  let injection: Injection | undefined;
  await injectors[kind]({
    testbed,
    signal,
    random: createRandom(seed, BigInt(number)),
    begin: (what) => {
      injection = onInjection(kind, what);
    },
  });
  injection?.undone();
}
