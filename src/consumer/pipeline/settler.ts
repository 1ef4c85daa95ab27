import type { SettlingTransition } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { MoveTally } from '../../db/counts/moveTally.ts';
import type { Database } from '../../db/database.ts';
import { isolate } from '../../db/isolate.ts';
import { type Settlement, settle, settlementKeyOf, type TooLate } from '../../db/transitions/settleBills.ts';
import type { ThrottledLog } from '../../log/throttledLog.ts';
import type { PathMeters } from '../../metrics/pathMeters.ts';
import type { Decision } from '../../policy/decide.ts';
import type { BatchBook } from './batchBook.ts';
import type { ClaimedBill } from './lane.ts';
import { tallySettled } from './tallySettled.ts';

/** A claimed bill, or one that was closed before its answer came. */
export type SettledBill = Pick<ClaimedBill, 'claim' | 'close' | 'closeUnsettled'>;

export interface SettlerOptions {
  readonly database: Database;
  readonly throttledLog: ThrottledLog;
  readonly batchBook: BatchBook;
  readonly meters: PathMeters;
  /** Adds up what moved, for the counts that people see. */
  readonly tally: MoveTally;
  /** The channel with which a cycle begins. */
  readonly first: Channel;
  /** Who writes, for the journal. */
  readonly actor: string;
  /** Called with faults that are not about a statement. Nothing is settled after that. */
  readonly onFatal: (error: unknown) => void;
}

const largestBatch = 1_000;
const writersAtOnce = 2;
/** From this many waiting answers on, a second writer pays. */
const worthAnother = 500;
/** If a dispatcher is never idle, so many closed batches are deleted together. */
const deletedAtOnce = 32;
/** How long answers are gathered before they are written. */
const gatherMs = 4;
/** How long they are gathered right after a write, if only a few came meanwhile. */
const gatherOnMs = 8;
/** From this many waiting answers on, they are written without gathering. */
const worthWriting = 50;
/** How long until an answer is written again that the database did not take. */
const againAfterMs = 2_000;

/**
 * When the next queue is chosen, a millisecond of waiting counts as this many answers. It is low, so that
 * under load the few refusals wait for more: a statement costs PostgreSQL as much as about twenty answers.
 */
const answersPerMs = 1;

/**
 * Writes what became of claimed bills, many at a time, and then closes them. It is a service, not a stage:
 * every stage settles the bills that leave the path there.
 *
 * It has one queue per transition. A few writers take what waits, up to a limit, from the queue that is
 * longest or has waited longest. Answers that come while they write make up the next batch, so batches grow
 * with the load.
 */
export class Settler {
  readonly #options: SettlerOptions;
  readonly #queues = new Map<SettlingTransition, Queue>();
  #waiting = 0;
  /** Answers that are written again later. */
  #delayed = 0;
  #writers = 0;
  #isGathering = false;
  #idle: (() => void)[] = [];

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** Settles one bill soon. It is closed when its row is written. */
  settle(bill: SettledBill, decision: Decision, elapsedMs = 0): void {
    const { transition, reason, providerId, delayMs, addressHash, contentHash, next } = decision;
    const { claim } = bill;
    const settlement = { claim, elapsedMs, reason, providerId, delayMs, addressHash, contentHash, next };
    this.#enqueue(transition, { bill, settlement });
  }

  /** Resolves when all that was given so far is written. */
  async flush(): Promise<void> {
    if (this.#waiting + this.#delayed > 0 || this.#writers > 0) {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    }
    await this.#options.batchBook.deleteClosed({ atLeast: 1 });
  }

  #enqueue(transition: SettlingTransition, entry: Entry): void {
    const queue = this.#queues.get(transition) ?? { entries: [], since: 0 };
    this.#queues.set(transition, queue);
    if (queue.entries.length === 0) queue.since = performance.now();
    queue.entries.push(entry);
    this.#waiting++;
    if (this.#writers === 0) this.#gather(gatherMs);
  }

  #gather(forMs: number): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    setTimeout(() => this.#startWriters(), forMs);
  }

  #startWriters(): void {
    this.#isGathering = false;
    while (this.#writers < writersAtOnce && this.#waiting > 0) {
      this.#writers++;
      this.#write().then(
        () => this.#writerEnded(),
        (error: unknown) => this.#options.onFatal(error),
      );
      if (this.#waiting < worthAnother) break;
    }
  }

  #writerEnded(): void {
    this.#writers--;
    if (this.#waiting >= worthWriting) this.#startWriters();
    else if (this.#waiting > 0) this.#gather(gatherOnMs);
    else if (this.#writers === 0 && this.#delayed === 0) {
      for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  async #write(): Promise<void> {
    const { database, throttledLog, batchBook, meters, actor } = this.#options;
    const next = takeMostPressing(this.#queues);
    if (next === undefined) return;
    const { transition, entries } = next;
    this.#waiting -= entries.length;
    const run = async (part: readonly Entry[]) => {
      const settlements = part.map(({ settlement }) => settlement);
      const settleAll = () => settle(database, transition, { settlements, actor });
      return { part, tooLate: await meters.stages.time('settle', part.length, settleAll) };
    };
    for await (const outcome of isolate(entries, { run, throttledLog })) {
      if (outcome.kind === 'done') this.#closeAll(transition, outcome.result.part, outcome.result.tooLate);
      else if (outcome.kind === 'stuck') this.#writeLater(transition, outcome.items);
      else this.#leaveToSweeper(transition, outcome.item, outcome.code);
    }
    const comesToRest = this.#waiting === 0 && this.#writers === 1;
    await batchBook.deleteClosed({ atLeast: comesToRest ? 1 : deletedAtOnce });
  }

  #closeAll(transition: SettlingTransition, entries: readonly Entry[], tooLate: TooLate): void {
    this.#options.meters.settled.add(transition, entries.length - tooLate.size);
    const { tally, first, throttledLog } = this.#options;
    for (const { bill, settlement } of entries) {
      if (tooLate.size > 0 && tooLate.has(settlementKeyOf(bill.claim))) {
        throttledLog.warn('answer came too late and changed nothing', {
          billId: bill.claim.billId,
          transition,
          reason: settlement.reason,
        });
      } else {
        tallySettled({ tally, first }, transition, bill.claim);
      }
      bill.close();
    }
  }

  #writeLater(transition: SettlingTransition, entries: readonly Entry[]): void {
    this.#delayed += entries.length;
    setTimeout(() => {
      this.#delayed -= entries.length;
      for (const entry of entries) this.#enqueue(transition, entry);
    }, againAfterMs);
  }

  /**
   * The row keeps our token. If the bill was sent, the sweeper marks it in doubt; if not, it takes it back.
   */
  #leaveToSweeper(transition: SettlingTransition, { bill }: Entry, code: string): void {
    const { billId, channel } = bill.claim;
    this.#options.throttledLog.warn('answer cannot be written, the database refuses it', {
      billId,
      channel,
      transition,
      code,
    });
    bill.closeUnsettled();
  }
}

interface Entry {
  readonly bill: SettledBill;
  readonly settlement: Settlement;
}

interface Queue {
  entries: Entry[];
  /** When its oldest entry came, or the last batch was taken; ms of the monotonic clock. */
  since: number;
}

function takeMostPressing(
  queues: ReadonlyMap<SettlingTransition, Queue>,
): { transition: SettlingTransition; entries: Queue['entries'] } | undefined {
  const now = performance.now();
  const pressure = ({ entries, since }: Queue) =>
    entries.length === 0 ? 0 : entries.length + (now - since) * answersPerMs;
  let most: { transition: SettlingTransition; queue: Queue } | undefined;
  for (const [transition, queue] of queues) {
    if (pressure(queue) > (most ? pressure(most.queue) : 0)) most = { transition, queue };
  }
  if (most === undefined) return undefined;
  most.queue.since = now;
  return { transition: most.transition, entries: most.queue.entries.splice(0, largestBatch) };
}
