import { setTimeout as sleep } from 'node:timers/promises';
import type { Outgoing } from '../../../src/kafka/outgoing.ts';
import type { Random } from '../../../src/sample/random.ts';
import type { FleetMember } from '../fleet.ts';
import type { Testbed } from '../testbed.ts';

/** What a fault needs to be injected. */
export interface InjectionDeps {
  readonly testbed: Testbed;
  /** The random choices of this fault. */
  readonly random: Random;
  /** The run is aborted: stop waiting. */
  readonly signal: AbortSignal;
  /** Reports what the fault hits, at the moment it is injected. Recovery is measured from here. */
  readonly begin: (what: string) => void;
}

/** Injects one fault and resolves when it is undone. If there is nothing to hit, it never calls `begin`. */
export type Injector = (deps: InjectionDeps) => Promise<void>;

const availableWithinMs = 15_000;
const lookEveryMs = 100;

/**
 * Takes a random dispatcher that consumes and that no other fault has taken. Waits if none is ready.
 * @returns undefined if none gets ready in time
 */
export async function takeDispatcher({
  testbed,
  random,
  signal,
}: InjectionDeps): Promise<FleetMember | undefined> {
  const giveUpAt = performance.now() + availableWithinMs;
  while (performance.now() < giveUpAt) {
    const [first, ...others] = testbed.fleet.available();
    if (first !== undefined) {
      const taken = random.pick([first, ...others]);
      testbed.fleet.take(taken);
      return taken;
    }
    await sleep(lookEveryMs, undefined, { signal });
  }
  return undefined;
}

export async function waitBetween(
  { random, signal }: InjectionDeps,
  leastMs: number,
  mostMs: number,
): Promise<void> {
  await sleep(random.integer(leastMs, mostMs), undefined, { signal });
}

const publishTries = 60;
const publishPauseMs = 500;

/** Publishes as a careful batch does: retries until Kafka has acknowledged every record. */
export async function publishUntilAcknowledged(
  { testbed, signal }: InjectionDeps,
  records: readonly Outgoing[],
): Promise<void> {
  for (let left = publishTries; ; left--) {
    try {
      return await testbed.publisher.publish(records);
    } catch (error) {
      if (left === 0 || signal.aborted) throw error;
      await sleep(publishPauseMs, undefined, { signal });
    }
  }
}
