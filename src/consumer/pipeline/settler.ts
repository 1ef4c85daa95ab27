import type { Claim, ClaimToken, SettlingTransition } from '../../bill.ts';
import type { Database } from '../../db/database.ts';
import { isolate } from '../../db/isolate.ts';
import { forgetSettledBatches } from '../../db/transitions/claimBatches.ts';
import { type Settlement, settle, settlementKeyOf, type TooLate } from '../../db/transitions/settleBills.ts';
import type { ThrottledLog } from '../../log/throttledLog.ts';
import type { Decision } from '../../policy/decide.ts';
import type { ClaimedBill } from './claimedBill.ts';

/** Writes what became of claims, many at a time, and then lets their records' offsets pass. */
export interface Settler {
  /** These claims are under way: their batch is forgotten when the last of them is settled or abandoned. */
  expect(claims: readonly Claim[]): void;
  /** Settles one claim soon; its record is done when the row is written. */
  settle(bill: ClaimedBill, decision: Decision, elapsedMs?: number): void;
  /** The claim was lost to another: nothing to write, the record is done. */
  abandon(bill: ClaimedBill): void;
  /** Resolves when all that was given so far is written. */
  flush(): Promise<void>;
}

export interface SettlerOptions {
  readonly database: Database;
  readonly throttledLog: ThrottledLog;
  /** Who writes, for the journal. */
  readonly actor: string;
  /** Called when a claim is over, whatever became of it. */
  readonly onDone: (claim: Claim) => void;
  /** Called with what is no fault of a statement; nothing is settled any more. */
  readonly onFatal: (error: unknown) => void;
}

const largestBatch = 1_000;
const writersAtOnce = 2;
/** So many waiting are worth a second writer. */
const worthAnother = 500;
/** Batches that are settled, of a dispatcher that never comes to rest. */
const forgottenAtOnce = 32;
/** How long answers are gathered before they are written. */
const gatherMs = 4;
/** When an answer is written again whose row the database did not let us write. */
const againAfterMs = 2_000;

/**
 * What a millisecond of waiting counts for against an answer more in another queue. Low, so that under load the
 * few that are refused wait for company: a statement costs PostgreSQL as much as some twenty answers.
 */
const answersPerMs = 1;

/**
 * Holds answers in one queue a transition. A few writers take what is waiting, up to a limit, from the queue
 * that is longest or has waited longest; answers that come while they write make up the next batch, so
 * batches grow with the load.
 */
export function createSettler(options: SettlerOptions): Settler {
  const { database, throttledLog, actor, onDone, onFatal } = options;
  const queues = new Map<SettlingTransition, Queue>();
  const batches = createBatchBook(database, throttledLog);
  let waiting = 0;
  /** Answers that are written again later. */
  let delayed = 0;
  let writers = 0;
  let gathering = false;
  let idle: (() => void)[] = [];

  const finish = (bill: ClaimedBill): void => {
    bill.record.done();
    batches.over(bill.claim.token);
    onDone(bill.claim);
  };

  const write = async (): Promise<void> => {
    const next = takeMostPressing(queues);
    if (next === undefined) return;
    const { transition, entries } = next;
    waiting -= entries.length;
    const run = async (part: readonly Entry[]) => {
      const settlements = part.map(({ settlement }) => settlement);
      return { part, tooLate: await settle(database, transition, { settlements, actor }) };
    };
    for await (const outcome of isolate(entries, { run, throttledLog })) {
      if (outcome.kind === 'done') finishAll(transition, outcome.result.part, outcome.result.tooLate);
      else if (outcome.kind === 'stuck') writeLater(transition, outcome.items);
      else leaveToSweeper(transition, outcome.item, outcome.code);
    }
    const comesToRest = waiting === 0 && writers === 1;
    await batches.forget({ atLeast: comesToRest ? 1 : forgottenAtOnce });
  };

  const finishAll = (transition: SettlingTransition, entries: readonly Entry[], tooLate: TooLate): void => {
    for (const { bill, settlement } of entries) {
      if (tooLate.size > 0 && tooLate.has(settlementKeyOf(bill.claim))) {
        throttledLog.warn('answer changed nothing', {
          billId: bill.claim.billId,
          transition,
          reason: settlement.reason,
        });
      }
      finish(bill);
    }
  };

  const writeLater = (transition: SettlingTransition, entries: readonly Entry[]): void => {
    delayed += entries.length;
    setTimeout(() => {
      delayed -= entries.length;
      for (const entry of entries) enqueue(transition, entry);
    }, againAfterMs);
  };

  /** The row keeps our token, and its batch stays: the sweeper doubts what was sent, and takes back what was not. */
  const leaveToSweeper = (transition: SettlingTransition, { bill }: Entry, code: string): void => {
    const { billId, channel } = bill.claim;
    throttledLog.warn('answer cannot be written, the database refuses it', {
      billId,
      channel,
      transition,
      code,
    });
    batches.keep(bill.claim.token);
    finish(bill);
  };

  const enqueue = (transition: SettlingTransition, entry: Entry): void => {
    const queue = queues.get(transition) ?? { entries: [], since: 0 };
    queues.set(transition, queue);
    if (queue.entries.length === 0) queue.since = performance.now();
    queue.entries.push(entry);
    waiting++;
    gather();
  };

  const startWriters = (): void => {
    gathering = false;
    while (writers < writersAtOnce && waiting > 0) {
      writers++;
      write().then(
        () => {
          writers--;
          if (waiting > 0) startWriters();
          else if (writers === 0 && delayed === 0) rest();
        },
        (error: unknown) => onFatal(error),
      );
      if (waiting < worthAnother) break;
    }
  };

  const gather = (): void => {
    if (writers > 0 || gathering) return;
    gathering = true;
    setTimeout(startWriters, gatherMs);
  };

  const rest = (): void => {
    const resolved = idle;
    idle = [];
    for (const resolve of resolved) resolve();
  };

  return {
    expect: (claims) => batches.expect(claims),
    settle(bill, { transition, reason, providerId, delayMs, addressHash }, elapsedMs = 0) {
      enqueue(transition, {
        bill,
        settlement: { claim: bill.claim, elapsedMs, reason, providerId, delayMs, addressHash },
      });
    },
    abandon: finish,
    flush: () =>
      waiting + delayed === 0 && writers === 0
        ? batches.forget({ atLeast: 1 })
        : new Promise<void>((resolve) => idle.push(resolve)).then(() => batches.forget({ atLeast: 1 })),
  };
}

interface Entry {
  readonly bill: ClaimedBill;
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

/** Counts how many claims of each batch are still open, and deletes the batches that have none. */
function createBatchBook(database: Database, throttledLog: ThrottledLog) {
  const open = new Map<ClaimToken, number>();
  let closed: ClaimToken[] = [];

  return {
    expect(claims: readonly Claim[]): void {
      const [first] = claims;
      if (first !== undefined) open.set(first.token, claims.length);
    },
    over(token: ClaimToken): void {
      const left = (open.get(token) ?? 1) - 1;
      if (left > 0) {
        open.set(token, left);
        return;
      }
      open.delete(token);
      closed.push(token);
    },
    /** Not to be forgotten, whatever becomes of its other claims. */
    keep(token: ClaimToken): void {
      open.set(token, Number.POSITIVE_INFINITY);
    },
    async forget({ atLeast }: { atLeast: number }): Promise<void> {
      if (closed.length < atLeast) return;
      const tokens = closed;
      closed = [];
      try {
        await forgetSettledBatches(database, tokens);
      } catch (error) {
        // Their bills are settled: the sweeper forgets them too, only later.
        throttledLog.warn('settled batches cannot be forgotten now', { err: error }, tokens.length);
        closed.push(...tokens);
      }
    },
  };
}
