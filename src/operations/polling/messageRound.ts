import type { BillId } from '../../bill.ts';
import {
  type DueMessages,
  endMessagePass,
  type MessagePass,
  moveMessagePass,
  openMessagePass,
  selectDueMessages,
} from '../../db/messagePolls.ts';
import { failPoll } from '../../db/receiptPolls.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { sleep } from '../../lib/sleep.ts';
import type { Receipt } from '../../providers/inbound/receipt.ts';
import type { MessageAnswer, MessagePoll } from '../../providers/receiptPoll.ts';
import { type ReceiptDeps, receiveReceipts } from '../receiveReceipts.ts';
import type { PollReport } from './pollRound.ts';

/** What a process remembers between two rounds. Losing it costs some requests. */
export interface MessageMemory {
  /** Rounds in a row that ended with a failed request. */
  failures: number;
  /** The message that failed last, and how often it did. */
  stuck: { readonly billId: BillId; readonly times: number } | undefined;
}

export function freshMessageMemory(): MessageMemory {
  return { failures: 0, stuck: undefined };
}

const minuteMs = 60_000;
/** After the hand-off: most are decided within minutes, few within days. */
const agesMs = [2, 10, 60, 360, 1_440, 4_320].map((minutes) => minutes * minuteMs);
/** Whoever begins to ask, or begins again after an outage, learns of the last day. */
const startMs = 86_400_000;
/** Between the beginnings of two passes. */
const everyMs = minuteMs;
/** Rows of one statement. */
const usualWindow = 20_000;
/** A walk over bills of which none is due rests so many times as long as it reads. */
const walkRest = 5;
const usualRoundMs = 20_000;
const backoff = { firstMs: 30_000, longestMs: 600_000 };
/** A message that fails more often is left out until it is due again: others wait behind it. */
const mostTimes = 5;

interface RoundOptions {
  readonly memory: MessageMemory;
  readonly signal?: AbortSignal;
  /** Missing: as in production. */
  readonly roundMs?: number;
  readonly window?: number;
}

/**
 * Asks about the next messages that are due, one after the other. The pass moves on when their receipts are
 * stored, so a crash costs repetitions, which are harmless.
 */
export async function messageRound(
  deps: ReceiptDeps,
  poll: MessagePoll,
  { memory, signal, roundMs = usualRoundMs, window = usualWindow }: RoundOptions,
): Promise<PollReport> {
  const beganAt = performance.now();
  const name = { provider: poll.provider, poll: poll.name };
  const pass = await openMessagePass(deps.database, name, { startMs, everyMs });
  if (pass === undefined) return { restMs: everyMs / 4, fresh: 0, isLatest: true };
  const most = Math.max(Math.ceil(roundMs / poll.betweenMs), 1);
  const due = await selectDueMessages(deps.database, {
    ...name,
    pass,
    channels: poll.channels,
    agesMs,
    window,
    most,
  });
  const asked = await askEach(poll, due, { untilMs: performance.now() + roundMs, signal });
  const fresh = await store(deps, poll, asked.receipts);
  const done = asked.count + leftOut(memory, due, asked);
  const isWhole = done === due.messages.length;
  if (isWhole && due.atEnd) await endMessagePass(deps.database, name);
  else if (isWhole || done > 0) await moveMessagePass(deps.database, name, lastDone(pass, due, done));
  if (asked.failed === undefined) {
    if (asked.count > 0) memory.failures = 0;
    const isLatest = isWhole && due.atEnd;
    const restMs = isLatest ? everyMs / 4 : restOf(poll, asked, performance.now() - beganAt);
    return { restMs, fresh, isLatest };
  }
  memory.failures = asked.count > 0 ? 1 : memory.failures + 1;
  const { cause, retryAfterMs = 0 } = asked.failed;
  await failPoll(deps.database, name, cause);
  return {
    restMs: Math.max(backoffMs(memory.failures, backoff), retryAfterMs),
    fresh,
    isLatest: false,
    fault: cause,
  };
}

/** Before the next round of a pass. */
function restOf({ betweenMs }: MessagePoll, { count }: Asked, tookMs: number): number {
  return count === 0 ? Math.max(betweenMs, walkRest * tookMs) : betweenMs;
}

interface Asked {
  /** Messages that were answered. */
  readonly count: number;
  readonly receipts: readonly Receipt[];
  /** The answer about the next one, which taught nothing. */
  readonly failed: Extract<MessageAnswer, { kind: 'failed' }> | undefined;
}

async function askEach(
  poll: MessagePoll,
  { messages }: DueMessages,
  { untilMs, signal }: { readonly untilMs: number; readonly signal: AbortSignal | undefined },
): Promise<Asked> {
  const receipts: Receipt[] = [];
  let count = 0;
  for (const message of messages) {
    if (isAborted(signal) || (count > 0 && performance.now() > untilMs)) break;
    const answer = await poll.readMessage(message);
    if (answer.kind === 'failed') {
      return { count, receipts, failed: isAborted(signal) ? undefined : answer };
    }
    receipts.push(...answer.receipts);
    count += 1;
    await sleep(poll.betweenMs, signal);
  }
  return { count, receipts, failed: undefined };
}

/** A function, because the type checker would take the value for one that cannot change meanwhile. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** 1 if the message that fails again and again is passed over, else 0. */
function leftOut(memory: MessageMemory, { messages }: DueMessages, { count, failed }: Asked): number {
  const billId = messages[count]?.billId;
  if (failed === undefined || billId === undefined) return 0;
  const times = memory.stuck?.billId === billId ? memory.stuck.times + 1 : 1;
  memory.stuck = times < mostTimes ? { billId, times } : undefined;
  return times < mostTimes ? 0 : 1;
}

function lastDone(pass: MessagePass, { messages, lastBillId }: DueMessages, done: number): BillId {
  return done === messages.length ? lastBillId : (messages[done - 1]?.billId ?? pass.lastBillId);
}

async function store(
  deps: ReceiptDeps,
  { provider }: MessagePoll,
  receipts: readonly Receipt[],
): Promise<number> {
  if (receipts.length === 0) return 0;
  const { fresh } = await receiveReceipts(deps, { receipts, origin: { provider, cameBy: 'poll' } });
  return fresh;
}
