import { failPoll, movePollCursor, openPollCursor, type PollName } from '../../db/receiptPolls.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { sleep } from '../../lib/sleep.ts';
import type { PollSpan, ReceiptPoll } from '../../providers/receiptPoll.ts';
import { type ReceiptDeps, receiveReceipts } from '../receiveReceipts.ts';
import { isLatest, longestStep, nextSpan, readAfterEmpty, readAfterSpan, shortestStep } from './pollSpan.ts';

/** What a process remembers of a list between two rounds. Losing it costs some requests. */
export interface PollMemory {
  stepMs: number;
  failures: number;
  /** When it last answered as it should, by the monotonic clock. */
  provenAt: number;
}

export function freshMemory({ pace }: ReceiptPoll): PollMemory {
  return { stepMs: longestStep(pace), failures: 0, provenAt: Number.NEGATIVE_INFINITY };
}

interface RoundOptions {
  readonly memory: PollMemory;
  readonly signal?: AbortSignal;
  /** Missing: as in production. */
  readonly roundMs?: number;
}

/** How a round ended. */
export interface PollReport {
  /** How long to wait for the next one. */
  readonly restMs: number;
  /** Receipts that were new. */
  readonly fresh: number;
  /** Whether all is read that the provider lists by now. */
  readonly isLatest: boolean;
  /** Why nothing was learnt. */
  readonly fault?: string;
}

/** A list that was never read begins here. */
const startMs = 86_400_000;
/** A round asks for at most so long: its lease has to last. */
const usualRoundMs = 20_000;
const longestBackoffMs = 600_000;
/** How long after a proven answer a provider is believed if it says that a span is empty. */
const provenForMs = 60_000;

/**
 * Reads what changed since the last time, if it fits into one round; else a shorter span the next time. Each
 * page is stored before the next one is asked for, and the list moves on only when a whole span is stored. So
 * a crash costs repetitions, which are harmless.
 */
export async function pollRound(
  deps: ReceiptDeps,
  poll: ReceiptPoll,
  { memory, signal, roundMs = usualRoundMs }: RoundOptions,
): Promise<PollReport> {
  const { database } = deps;
  const { pace } = poll;
  const name: PollName = { provider: poll.provider, poll: poll.name };
  const { readUntil, now } = await openPollCursor(database, name, startMs);
  const span = nextSpan(pace, { readUntil, now, stepMs: memory.stepMs });
  if (span === undefined) return { restMs: pace.everyMs, fresh: 0, isLatest: true };
  const end = await readSpan(deps, poll, { span, memory, signal, most: mostPages(poll, memory, roundMs) });
  const { fresh } = end;
  const latest = isLatest(span, pace, now);
  const restMs = latest ? pace.everyMs : pace.betweenMs;
  switch (end.kind) {
    case 'whole':
      memory.stepMs = Math.min(memory.stepMs * (end.pages > 2 ? 1 : 2), longestStep(pace));
      await movePollCursor(database, name, readAfterSpan(span, pace, end.providerNow));
      return { restMs, fresh, isLatest: latest };
    case 'empty': {
      const isBelieved = performance.now() - memory.provenAt < provenForMs;
      await movePollCursor(database, name, isBelieved ? span.until : readAfterEmpty(span, now));
      memory.stepMs = longestStep(pace);
      memory.failures = 0;
      return { restMs, fresh, isLatest: latest };
    }
    case 'tooLong':
      memory.stepMs = Math.max(memory.stepMs / 2, shortestStep(pace.resolutionMs));
      return { restMs: pace.betweenMs, fresh, isLatest: false };
    case 'failed': {
      memory.failures += 1;
      await failPoll(database, name, end.cause);
      const waitMs = backoffMs(memory.failures, { firstMs: 2 * pace.everyMs, longestMs: longestBackoffMs });
      return { restMs: Math.max(waitMs, end.retryAfterMs ?? 0), fresh, isLatest: false, fault: end.cause };
    }
    case 'stopped':
      return { restMs: pace.everyMs, fresh, isLatest: false };
    default:
      return end satisfies never;
  }
}

type SpanEnd = { readonly fresh: number } & (
  | { readonly kind: 'whole'; readonly pages: number; readonly providerNow: Date | undefined }
  | { readonly kind: 'empty' }
  /** It has more pages than a round may ask for. */
  | { readonly kind: 'tooLong' }
  | { readonly kind: 'failed'; readonly cause: string; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'stopped' }
);

interface SpanOptions {
  readonly span: PollSpan;
  readonly memory: PollMemory;
  readonly signal: AbortSignal | undefined;
  /** Pages. */
  readonly most: number;
}

async function readSpan(
  deps: ReceiptDeps,
  poll: ReceiptPoll,
  { span, memory, signal, most }: SpanOptions,
): Promise<SpanEnd> {
  let fresh = 0;
  let page: string | undefined;
  for (let pages = 1; pages <= most; pages++) {
    const answer = await poll.readPage(span, page);
    if (signal?.aborted === true) return { kind: 'stopped', fresh };
    if (answer.kind === 'failed') return { ...answer, fresh };
    if (answer.kind === 'empty') return { kind: 'empty', fresh };
    memory.failures = 0;
    memory.provenAt = performance.now();
    const { receipts, next, providerNow } = answer;
    fresh += await store(deps, poll, receipts);
    if (next === undefined) return { kind: 'whole', pages, providerNow, fresh };
    page = next;
    await sleep(poll.pace.betweenMs, signal);
  }
  return isShortest(poll, memory)
    ? { kind: 'failed', cause: `a list of ${most} pages does not end`, retryAfterMs: undefined, fresh }
    : { kind: 'tooLong', fresh };
}

/** A span that cannot be shorter is read whole, if its list ends at all. */
function mostPages(poll: ReceiptPoll, memory: PollMemory, roundMs: number): number {
  const perRound = Math.min(Math.max(Math.floor(roundMs / poll.pace.betweenMs), 2), 200);
  return isShortest(poll, memory) ? 100 * perRound : perRound;
}

function isShortest({ pace }: ReceiptPoll, { stepMs }: PollMemory): boolean {
  return stepMs <= shortestStep(pace.resolutionMs);
}

async function store(
  deps: ReceiptDeps,
  { provider }: ReceiptPoll,
  receipts: Parameters<typeof receiveReceipts>[1]['receipts'],
): Promise<number> {
  if (receipts.length === 0) return 0;
  const { fresh } = await receiveReceipts(deps, { receipts, origin: { provider, cameBy: 'poll' } });
  return fresh;
}
