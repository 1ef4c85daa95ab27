import { setTimeout as sleep } from 'node:timers/promises';
import type { Outgoing } from '../../../src/kafka/outgoing.ts';
import type { Random } from '../../../src/sample/random.ts';
import type { FleetMember } from '../fleet.ts';
import type { Testbed } from '../testbed.ts';

/** What a fault is given to do its work. */
export interface InjectionDeps {
  readonly testbed: Testbed;
  /** This fault's own choices. */
  readonly random: Random;
  /** The run is broken off: wait for nothing any more. */
  readonly signal: AbortSignal;
  /** Says what is struck, at the moment of the injection; recovery is measured from here. */
  readonly begin: (what: string) => void;
}

/** One fault: resolves when what it did is undone. It may find nothing to strike and then never begins. */
export type Injector = (deps: InjectionDeps) => Promise<void>;

const availableWithinMs = 15_000;
const lookEveryMs = 100;

/**
 * Takes some dispatcher that works and that no other fault has in its hands; waits for one that is just starting.
 * @returns undefined where there is none for a long while
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

/** Publishes as a careful batch does: again, until Kafka has acknowledged every record. */
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
