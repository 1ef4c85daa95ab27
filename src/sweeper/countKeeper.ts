import type { DispatcherId } from '../bill.ts';
import type { Channel } from '../channels.ts';
import { beginCounts, countWindow, type NextWindow, nextWindowToCount } from '../db/counts/countWindow.ts';
import type { MoveTally } from '../db/counts/moveTally.ts';
import type { Database } from '../db/database.ts';
import { releaseLease, takeLease } from '../db/lease.ts';
import { wordsOf } from '../db/statementFault.ts';
import { sleep } from '../lib/sleep.ts';
import type { Logger } from '../log/log.ts';
import { createOutage } from '../log/outage.ts';

/**
 * Keeps the counts of bills by state. Once a second it writes what this process has moved. If it has the
 * lease, it also counts the windows again, one after the other. Counts are for people to see; nothing decides
 * by them.
 */
export interface CountKeeper {
  start(): void;
  /** Writes the last moves. May be called twice. */
  stop(): Promise<void>;
}

export interface CountKeeperDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly owner: DispatcherId;
  /** The channel with which a cycle begins. */
  readonly first: Channel;
  /** What the path of this process has moved; missing if it has none. */
  readonly tally?: MoveTally | undefined;
}

const everyMs = 1_000;
const leaseMs = 10_000;
const leaseName = 'counts';
/** The wait after the windows are made, until every process knows them and tallies by them. */
const waitForTalliesMs = 2_000;
/** The share of one core's time that counting may take. */
const share = 0.01;
/**
 * The share of a first count's time that is charged. It is small: until all windows are counted, each answer
 * reads all rows.
 */
const chargeOfFirst = 0.1;
/**
 * The most time that is saved while there is nothing to count. It is there from the start: after a crash the
 * counts are wrong until the windows are counted again.
 */
const mostSavedMs = 1_000;
/**
 * The saved time that a window without known changes needs. It is more, so that those with known changes come
 * first.
 */
const enoughSavedMs = 500;
/** How long until a window without known changes is counted again. */
const againAfterMs = 20_000;

export function createCountKeeper(deps: CountKeeperDeps): CountKeeper {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  return {
    start() {
      running ??= run(deps, stopping.signal);
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(deps: CountKeeperDeps, signal: AbortSignal): Promise<void> {
  const { database, tally, owner, log } = deps;
  const startedAt = performance.now();
  const outage = createOutage(log, 'counts', { wordsOf });
  const budget = new Budget(performance.now());
  const windows = new Windows();
  while (!signal.aborted) {
    try {
      await tally?.followWindows(database);
      await tally?.flush(database);
      if (await takeLease(database, leaseName, { owner, ttlMs: leaseMs })) {
        if (await windows.areKnown(database)) await countWithin(deps, { budget, startedAt, signal });
      }
      outage.succeeded();
    } catch (error) {
      if (!signal.aborted) outage.failed(error);
    }
    await sleep(everyMs, signal);
  }
  await tally?.flush(database).catch(() => undefined);
  await releaseLease(database, leaseName, owner).catch(() => undefined);
}

interface Counting {
  readonly budget: Budget;
  /** On the clock of `performance.now()`. */
  readonly startedAt: number;
  readonly signal: AbortSignal;
}

async function countWithin(
  { database, log, first }: CountKeeperDeps,
  { budget, startedAt, signal }: Counting,
): Promise<void> {
  let drift = 0;
  while (!signal.aborted && budget.savedMs(performance.now()) > 0) {
    const began = performance.now();
    const next = await nextWindowToCount(database);
    if (next === undefined) break;
    if (!isWorthCounting(next, { runningMs: began - startedAt, savedMs: budget.savedMs(began) })) break;
    drift += await countWindow(database, next, first);
    budget.spend((performance.now() - began) * (next.isUncounted ? chargeOfFirst : 1));
  }
  if (drift > 0) log.info({ bills: drift }, 'counts of bills had drifted and are right again');
}

/**
 * Whether a window is to be counted now. One without known changes is counted soon after a start, because an
 * earlier process may have died before it wrote its moves, and then from time to time.
 */
export function isWorthCounting(
  { isKnownToDiffer, countedMsAgo }: Pick<NextWindow, 'isKnownToDiffer' | 'countedMsAgo'>,
  { runningMs, savedMs }: { readonly runningMs: number; readonly savedMs: number },
): boolean {
  if (isKnownToDiffer) return true;
  return savedMs >= enoughSavedMs && countedMsAgo >= Math.min(runningMs, againAfterMs);
}

/** The windows of all bills, made by this process or before it. */
class Windows {
  #madeAt: number | undefined;

  /** Makes them if need be. @returns whether every process tallies by them already */
  async areKnown(database: Database): Promise<boolean> {
    if (this.#madeAt === undefined) {
      const made = await beginCounts(database);
      if (made === undefined) return false;
      this.#madeAt = made > 0 ? performance.now() : Number.NEGATIVE_INFINITY;
    }
    return performance.now() - this.#madeAt >= waitForTalliesMs;
  }
}

/** Time for counting: it is saved at a steady rate up to a limit, and counts spend it. */
export class Budget {
  #savedMs = mostSavedMs;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  savedMs(now: number): number {
    this.#savedMs = Math.min(mostSavedMs, this.#savedMs + (now - this.#at) * share);
    this.#at = now;
    return this.#savedMs;
  }

  spend(ms: number): void {
    this.#savedMs -= ms;
  }
}
