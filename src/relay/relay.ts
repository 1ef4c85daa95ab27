import { setTimeout as sleep } from 'node:timers/promises';
import type { DispatcherId } from '../bill.ts';
import type { Database } from '../db/database.ts';
import { releaseLease, takeLease } from '../db/lease.ts';
import { markEventsPublished, selectOwedEvents } from '../db/outbox.ts';
import { markPoisonPublished, selectPoison } from '../db/poison.ts';
import type { Logger } from '../log.ts';
import { createOutage } from '../outage.ts';
import { poisonLetter, type RelayTopics, toOutgoing } from './outgoing.ts';
import type { Publisher } from './publisher.ts';

/**
 * The outbox's only publisher, one at a time over the cluster by a lease.
 *
 * A round reads what rows owe, publishes it, and marks it after the acknowledgement, only where the row still
 * owes that very event. A crash in between publishes again, which the claim makes harmless; so would two
 * relays at once.
 */
export interface Relay {
  start(): void;
  /** Ends after the round under way and lets the lease go. Can be called twice. */
  stop(): Promise<void>;
}

export interface RelayOptions {
  readonly database: Database;
  readonly publisher: Publisher;
  readonly topics: RelayTopics;
  readonly owner: DispatcherId;
  readonly leaseMs: number;
  readonly log: Logger;
}

const eventsARound = 1_000;
const poisonARound = { limit: 500, bytes: 1_000_000 };
/** Between rounds that found nothing; what a single bill waits at most before its event is out. */
const idleMs = 50;
const afterFailureMs = 1_000;

export const createRelay = (options: RelayOptions): Relay => {
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
};

const run = async (options: RelayOptions, signal: AbortSignal): Promise<void> => {
  const outage = createOutage(options.log, 'relay');
  let leaseUntil = 0;
  while (!signal.aborted) {
    try {
      if (performance.now() > leaseUntil - options.leaseMs / 2) leaseUntil = await renew(options);
      const published = leaseUntil > 0 ? await publishRound(options) : 0;
      outage.succeeded();
      if (published === 0) await rest(leaseUntil > 0 ? idleMs : options.leaseMs / 4, signal);
    } catch (error) {
      if (!signal.aborted) outage.failed(error);
      await rest(afterFailureMs, signal);
    }
  }
  await releaseLease(options.database, leaseName, options.owner).catch(() => undefined);
};

const leaseName = 'relay';

/** @returns until when the lease is ours by the monotonic clock, 0 while it is another's */
const renew = async ({ database, owner, leaseMs }: RelayOptions): Promise<number> => {
  const asked = performance.now();
  return (await takeLease(database, leaseName, { owner, ttlMs: leaseMs })) ? asked + leaseMs : 0;
};

/** @returns how many rows no longer owe what they owed */
const publishRound = async (options: RelayOptions): Promise<number> => {
  const bills = await publishOwed(options);
  return bills + (await publishPoison(options));
};

const publishOwed = async ({ database, publisher, topics }: RelayOptions): Promise<number> => {
  const owed = await selectOwedEvents(database, eventsARound);
  if (owed.length === 0) return 0;
  await publisher.publish(owed.flatMap((event) => toOutgoing(event, topics)));
  await markEventsPublished(database, owed);
  return owed.length;
};

const publishPoison = async ({ database, publisher, topics }: RelayOptions): Promise<number> => {
  const poison = await selectPoison(database, poisonARound);
  if (poison.length === 0) return 0;
  await publisher.publish(poison.map((record) => poisonLetter(record, topics)));
  await markPoisonPublished(database, poison);
  return poison.length;
};

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
