import { sleep } from '../../lib/sleep.ts';
import type { Logger } from '../../log/log.ts';
import type { AnyPoll } from '../../providers/receiptPoll.ts';
import type { ReceiptDeps } from '../receiveReceipts.ts';
import { pollRoundsOf } from './pollRounds.ts';

export interface PollFacts {
  /** How many receipts were new. */
  readonly receiptsPolled: number;
}

/**
 * Reads what providers say by now, each at its own pace. A dispatcher that does the same meanwhile does no
 * harm: what comes twice counts once.
 */
export async function pollNow(
  deps: ReceiptDeps & { readonly log: Logger },
  polls: readonly AnyPoll[],
  { forMs }: { readonly forMs: number },
): Promise<PollFacts> {
  const signal = AbortSignal.timeout(forMs);
  const fresh = await Promise.all(polls.map((poll) => readAll(deps, poll, signal)));
  return { receiptsPolled: fresh.reduce((sum, count) => sum + count, 0) };
}

async function readAll(
  deps: ReceiptDeps & { readonly log: Logger },
  poll: AnyPoll,
  signal: AbortSignal,
): Promise<number> {
  const round = pollRoundsOf(poll);
  let sum = 0;
  while (!signal.aborted) {
    const { fresh, fault, isLatest, restMs } = await round(deps, signal);
    sum += fresh;
    if (fault !== undefined) {
      deps.log.warn(
        { provider: poll.provider, poll: poll.name, fault },
        'could not learn from a provider what became of its messages',
      );
    }
    if (isLatest || fault !== undefined) break;
    await sleep(restMs, signal);
  }
  return sum;
}
