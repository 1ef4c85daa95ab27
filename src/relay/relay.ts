import type { DispatcherId } from '../bill.ts';
import { createLeasedLoop } from '../db/leasedLoop.ts';
import { createRounds, type RoundDeps, type Rounds } from './round.ts';

/**
 * The only publisher of the outbox. A lease ensures that one relay at a time works in the cluster.
 *
 * A round reads what rows owe, publishes it, and marks what is acknowledged, if the row still owes the same
 * event. After a crash in between it is published again. That is harmless because of the claim, and so would
 * two relays be.
 */
export interface Relay {
  start(): void;
  /** Ends after the current round, and releases the lease. May be called twice. */
  stop(): Promise<void>;
}

export interface RelayOptions extends RoundDeps {
  readonly owner: DispatcherId;
  readonly leaseMs: number;
  /** @param rows whose events and dead letters were published */
  readonly onRound?: (rows: number) => void;
}

/** The rest after a round that found next to nothing: the longest that a single bill waits for its event. */
const idleMs = 50;
const nextToNothing = 3;
/**
 * The rest after a round that found a few. Under load more arrive all the time, and a round of ten costs as
 * much as one of hundreds (4 us per bill at full speed, most of it in the broker).
 */
const gatherMs = 250;
/** After a round that found this many, the next one starts at once. */
const worthAnother = 500;
/** At a stop, the time for records in flight to be acknowledged and marked. The rest is published again. */
const finishMs = 3_000;

export function createRelay(options: RelayOptions): Relay {
  const { database, owner, leaseMs, log } = options;
  const rounds = createRounds(options);
  const loop = createLeasedLoop({
    database,
    name: 'relay',
    owner,
    leaseMs,
    log,
    round: async () => restAfter(await runRound(options, rounds)),
    finish: () => rounds.finish(finishMs),
  });
  return {
    start: loop.start,
    async stop() {
      await loop.stop();
      await options.publisher.stop();
    },
  };
}

/** @returns how many rows were published */
async function runRound({ onRound }: RelayOptions, rounds: Rounds): Promise<number> {
  const published = await rounds.run();
  onRound?.(published);
  return published;
}

function restAfter(published: number): number {
  if (published >= worthAnother) return 0;
  return published < nextToNothing ? idleMs : gatherMs;
}
