import type { AnyPoll } from '../../providers/receiptPoll.ts';
import type { ReceiptDeps } from '../receiveReceipts.ts';
import { freshMessageMemory, messageRound } from './messageRound.ts';
import { freshMemory, type PollReport, pollRound } from './pollRound.ts';

/** Makes the next round of asking a provider about receipts, as a dispatcher does again and again. */
export type PollRounds = (deps: ReceiptDeps, signal: AbortSignal) => Promise<PollReport>;

/** Makes the rounds of one poll. What a process remembers between two of them is kept here. */
export function pollRoundsOf(poll: AnyPoll): PollRounds {
  if ('readMessage' in poll) {
    const memory = freshMessageMemory();
    return (deps, signal) => messageRound(deps, poll, { memory, signal });
  }
  const memory = freshMemory(poll);
  return (deps, signal) => pollRound(deps, poll, { memory, signal });
}
