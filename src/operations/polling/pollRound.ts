import { failPoll, movePollCursor, openPollCursor, type PollName } from '../../db/receiptPolls.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { sleep } from '../../lib/sleep.ts';
import type { PollSpan, ReceiptPoll } from '../../providers/receiptPoll.ts';
import { type ReceiptDeps, receiveReceipts } from '../receiveReceipts.ts';
import { isLatest, longestStep, nextSpan, readAfterEmpty, readAfterSpan, shortestStep } from './pollSpan.ts';

/** What a process remembers about a list between two rounds. If it is lost, some requests are repeated. */
export interface PollMemory {
  stepMs: number;
  failures: number;
  /** When the list last gave a proper answer, by the monotonic clock. */
  provenAt: number;
}

export function freshMemory({ pace }: ReceiptPoll): PollMemory {
  return { stepMs: longestStep(pace), failures: 0, provenAt: Number.NEGATIVE_INFINITY };
}

interface RoundOptions {
  readonly memory: PollMemory;
  readonly signal?: AbortSignal;
  /** Default: the limit in production. */
  readonly roundMs?: number;
}

/** The result of a round. */
export interface PollReport {
  /** How long to wait before the next round. */
  readonly restMs: number;
  /** How many receipts were new. */
  readonly fresh: number;
  /** Whether everything is read that the provider lists so far. */
  readonly isLatest: boolean;
  /** Why nothing was learnt, if so. */
  readonly fault?: string;
}

/** A list that was never read is read from so long ago on. */
const startMs = 86_400_000;
/** The longest time for requests of a round, which must end before its lease does. */
const usualRoundMs = 20_000;
const longestBackoffMs = 600_000;
/** For so long after a proper answer, a provider is believed if it says that a span is empty. */
const provenForMs = 60_000;

/**
 * Reads what changed since the last time, if it fits into one round; otherwise the next round takes a shorter
 * span. Each page is stored before the next one is asked for, and the list moves on only when a whole span is
 * stored. So after a crash some receipts are read again, which is harmless.
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
  /** The span has more pages than a round may ask for. */
  | { readonly kind: 'tooLong' }
  | { readonly kind: 'failed'; readonly cause: string; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'stopped' }
);

interface SpanOptions {
  readonly span: PollSpan;
  readonly memory: PollMemory;
  readonly signal: AbortSignal | undefined;
  /** The most pages. */
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

/**
 * How many pages may be asked for. A span that cannot be shortened is read whole, as long as its list ends at
 * all.
 */
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
