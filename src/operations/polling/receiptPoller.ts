import type { DispatcherId } from '../../bill.ts';
import { createLeasedLoop, type LeasedLoop } from '../../db/leasedLoop.ts';
import type { Logger } from '../../log/log.ts';
import { createThrottledLog } from '../../log/throttledLog.ts';
import type { AnyPoll } from '../../providers/receiptPoll.ts';
import type { ReceiptDeps } from '../receiveReceipts.ts';
import { pollRoundsOf } from './pollRounds.ts';

/**
 * Asks providers what became of messages. Each list has its own lease: one process at a time asks for it, and
 * no provider waits for another.
 */
export interface ReceiptPoller {
  start(): void;
  /** Breaks off running requests. May be called twice. */
  stop(): Promise<void>;
}

export interface ReceiptPollerDeps extends ReceiptDeps {
  readonly log: Logger;
  readonly owner: DispatcherId;
}

const leaseMs = 60_000;

export function createReceiptPoller(deps: ReceiptPollerDeps, polls: readonly AnyPoll[]): ReceiptPoller {
  const stopping = new AbortController();
  const loops = polls.map((poll) => createLoop(deps, poll, stopping.signal));
  return {
    start() {
      for (const loop of loops) loop.start();
    },
    async stop() {
      stopping.abort();
      await Promise.all([...loops, ...polls].map((one) => one.stop()));
    },
  };
}

function createLoop(deps: ReceiptPollerDeps, poll: AnyPoll, signal: AbortSignal): LeasedLoop {
  const { database, owner, log } = deps;
  const throttledLog = createThrottledLog(log);
  const round = pollRoundsOf(poll);
  const name = { provider: poll.provider, poll: poll.name };
  return createLeasedLoop({
    database,
    name: `receipts ${poll.provider} ${poll.name}`,
    owner,
    leaseMs,
    log,
    async round() {
      const { restMs, fresh, fault } = await round(deps, signal);
      if (fault !== undefined) {
        throttledLog.warn('could not learn from a provider what became of its messages', { ...name, fault });
      }
      if (fresh > 0) log.debug({ ...name, fresh }, 'receipts polled');
      return restMs;
    },
  });
}
