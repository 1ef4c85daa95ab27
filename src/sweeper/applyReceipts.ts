import { bouncedReason, type Channel, perChannel, refusedReason } from '../channels.ts';
import { tokenFloor } from '../db/claimTokens.ts';
import { matchReceipts } from '../db/matchReceipts.ts';
import { keepReceipts, type OpenReceipt, postponeReceipts, selectDueReceipts } from '../db/openReceipts.ts';
import { moveByReceipts, type ReceiptMove, type ReceiptWord } from '../db/transitions/receiptMoves.ts';
import { nextChannel } from '../ladder.ts';
import { judgeReceipt, type ReceiptJudgement } from '../policy/judgeReceipt.ts';
import { retransmitDelayMs } from '../policy/retryPolicy.ts';
import { admitTurns } from './admitTurns.ts';
import type { SweepDeps } from './sweepDeps.ts';

/** What the receipts of one round meant, in receipts. */
export interface ReceiptReport {
  /** Doubts that they settled as accepted. */
  readonly receiptAccepted: number;
  /** Bills that go on by the next channel. */
  readonly receiptTurned: number;
  /** Doubts that they settled as failed. */
  readonly receiptFailed: number;
  /** Receipts that say something about a bill and change nothing. */
  readonly receiptKept: number;
  /** Receipts that named only the provider's id, and were matched with an attempt by the journal. */
  readonly receiptMatched: number;
}

const receiptsPerCall = 1_000;
/** A send is answered within seconds; after that its receipt can be applied. */
const lookAgainMs = 3_000;
/** Older receipts are not matched: a receipt comes within a month of its message. */
const matchedForMs = 31 * 86_400_000;

/**
 * Applies stored receipts to their bills, until none is due or the time is over. The path of a bill pays
 * nothing for it. A receipt that comes before the answer to its own send waits for that answer.
 * @param signal ends the round early
 */
export async function applyReceipts(
  deps: SweepDeps,
  { forMs, signal }: { readonly forMs: number; readonly signal?: AbortSignal },
): Promise<ReceiptReport> {
  const until = performance.now() + forMs;
  const total = { receiptAccepted: 0, receiptTurned: 0, receiptFailed: 0, receiptKept: 0, receiptMatched: 0 };
  const since = new Date(Date.now() - matchedForMs);
  total.receiptMatched = await matchReceipts(deps.database, {
    limit: receiptsPerCall,
    since: tokenFloor(since),
    keptSince: since,
  });
  for (let found = 1; found > 0 && performance.now() < until && signal?.aborted !== true; ) {
    const due = await selectDueReceipts(deps.database, {
      limit: receiptsPerCall,
      withinMs: perChannel((channel) => deps.ladder.rules[channel].receiptWithinMs),
    });
    found = due.length;
    const judged = due.map((receipt) => ({
      receipt,
      judgement: judgeReceipt(receipt.kind, receipt.row, nextOf(deps, receipt)),
    }));
    total.receiptAccepted += await move(deps, 'receiptAccepts', judged);
    total.receiptTurned += await move(deps, 'receiptTurns', judged);
    total.receiptFailed += await move(deps, 'receiptFails', judged);
    total.receiptKept += await keep(deps, judged);
  }
  const moved = total.receiptAccepted + total.receiptTurned + total.receiptFailed;
  if (moved > 0) deps.log.info(total, 'receipts changed bills');
  return total;
}

interface Judged {
  readonly receipt: OpenReceipt;
  readonly judgement: ReceiptJudgement;
}

async function move(deps: SweepDeps, transition: ReceiptMove, judged: readonly Judged[]): Promise<number> {
  const own = judged.filter(({ judgement }) => judgement.kind === 'move' && judgement.move === transition);
  const all = own.flatMap(({ receipt }) => wordOf(deps, transition, receipt));
  const words = transition === 'receiptTurns' ? await admitTurns(deps, all) : all;
  if (words.length === 0) return 0;
  const { database, actor } = deps;
  const moved = await moveByReceipts(database, transition, { words, actor });
  // The rows of these have moved on meanwhile: their receipts are compared with them again.
  const lost = words.filter(({ billId }) => !moved.has(billId));
  if (lost.length > 0) await postponeReceipts(database, lost, lookAgainMs);
  return moved.size;
}

/** Where the bill goes on if its message came back. */
function nextOf({ ladder }: SweepDeps, { channel, row }: OpenReceipt): Channel | undefined {
  return row === undefined ? undefined : nextChannel(ladder, { channel, passed: row.passed }, 'bounced');
}

function wordOf(deps: SweepDeps, transition: ReceiptMove, receipt: OpenReceipt): ReceiptWord[] {
  const { billId, cycle, channel, kind, row } = receipt;
  if (row === undefined || row.token === null) return [];
  const { token: seenToken, sendStatus: seenStatus, step: seenStep } = row;
  const seen = { billId, cycle, channel, kind, seenToken, seenStatus, seenStep };
  switch (transition) {
    case 'receiptAccepts':
      return [seen];
    case 'receiptTurns':
      return [{ ...seen, nextChannel: nextOf(deps, receipt), reason: bouncedReason(channel) }];
    case 'receiptFails':
      return [
        {
          ...seen,
          reason: kind === 'blocked' ? 'PROVIDER_REJECTS_BILL' : refusedReason(channel),
          delayMs: retransmitDelayMs(cycle, deps.retransmit),
        },
      ];
    default:
      return transition satisfies never;
  }
}

async function keep({ database }: SweepDeps, judged: readonly Judged[]): Promise<number> {
  const kept = judged.flatMap(({ receipt, judgement }) =>
    judgement.kind === 'keep' ? [{ ...receipt, verdict: judgement.verdict }] : [],
  );
  const waiting = judged.filter(({ judgement }) => judgement.kind === 'wait').map(({ receipt }) => receipt);
  if (kept.length > 0) await keepReceipts(database, kept);
  if (waiting.length > 0) await postponeReceipts(database, waiting, lookAgainMs);
  return kept.length;
}
