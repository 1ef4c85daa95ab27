import type { DispatcherId } from '../bill.ts';
import { releaseLease, takeLease } from '../db/lease.ts';
import { wordsOf } from '../db/statementFault.ts';
import { sleep } from '../lib/sleep.ts';
import { createOutage } from '../log/outage.ts';
import { createRounds, type RoundDeps } from './round.ts';

/**
 * The outbox's only publisher, one at a time over the cluster by a lease.
 *
 * A round reads what rows owe, publishes it, and marks what is acknowledged, only if the row still owes that very
 * event. A crash in between publishes again, which the claim makes harmless; so would two
 * relays at once.
 */
export interface Relay {
  start(): void;
  /** Ends after the round under way and lets the lease go. Can be called twice. */
  stop(): Promise<void>;
}

export interface RelayOptions extends RoundDeps {
  readonly owner: DispatcherId;
  readonly leaseMs: number;
}

/** After a round that found next to nothing: what a bill that comes alone waits at most before its event is out. */
const idleMs = 50;
const nextToNothing = 3;
/**
 * After a round that found a few: under load more of them come all the time, and a round of some ten costs as much
 * as one of some hundreds (4 us a bill at full speed, most of it in the broker).
 */
const gatherMs = 250;
/** A round that found so many is followed by the next at once. */
const worthAnother = 500;
const afterFailureMs = 1_000;
/** What is under way at the end gets so long to be acknowledged and marked; the rest is published again. */
const finishMs = 3_000;

export function createRelay(options: RelayOptions): Relay {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  return {
    start() {
      running ??= run(options, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
      await options.publisher.stop();
    },
  };
}

async function run(options: RelayOptions, signal: AbortSignal): Promise<void> {
  const outage = createOutage(options.log, 'relay', { wordsOf });
  const rounds = createRounds(options);
  let leaseUntil = 0;
  while (!signal.aborted) {
    try {
      if (performance.now() > leaseUntil - options.leaseMs / 2) leaseUntil = await renew(options);
      const published = leaseUntil > 0 ? await rounds.run() : 0;
      outage.succeeded();
      await sleep(leaseUntil > 0 ? restAfter(published) : options.leaseMs / 4, signal);
    } catch (error) {
      if (!signal.aborted) outage.failed(error);
      await sleep(afterFailureMs, signal);
    }
  }
  await rounds.finish(finishMs);
  await releaseLease(options.database, leaseName, options.owner).catch(() => undefined);
}

function restAfter(published: number): number {
  if (published >= worthAnother) return 0;
  return published < nextToNothing ? idleMs : gatherMs;
}

const leaseName = 'relay';

/** @returns until when the lease is ours by the monotonic clock, 0 while it is another's */
async function renew({ database, owner, leaseMs }: RelayOptions): Promise<number> {
  const asked = performance.now();
  return (await takeLease(database, leaseName, { owner, ttlMs: leaseMs })) ? asked + leaseMs : 0;
}
