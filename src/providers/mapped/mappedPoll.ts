import { connectionCause, statusCause } from '../http/causes.ts';
import type { ConnectionSettings } from '../http/connector.ts';
import type { HttpOutcome } from '../http/exchange.ts';
import { createGatewayPool } from '../http/gatewayPool.ts';
import type { PollAnswer, PollSpan, ReceiptPoll } from '../receiptPoll.ts';
import { elapsedSince, readClocks } from '../startDeadline.ts';
import { type AnswerParts, compileRule } from './answerRules.ts';
import { textAt, valuesAt } from './jsonPointer.ts';
import { compileText } from './placeholders.ts';
import { compilePage } from './pollItems.ts';
import type { PollMapping } from './pollSchema.ts';
import { resolutionOf, writeTime } from './providerTime.ts';
import { createRecipientMarks } from './recipientMark.ts';
import type { ResolvedMapping } from './resolveMapping.ts';
import { partsOf } from './sender.ts';
import { createSigner } from './signRequest.ts';

export interface MappedPollOptions {
  /** The provider's name. */
  readonly name: string;
  readonly mapping: ResolvedMapping;
  readonly poll: PollMapping;
  readonly connections: ConnectionSettings;
  readonly timeLimitMs: number;
  /** Keys for ids that hold a keyed hash of the recipient. */
  readonly keys: readonly Uint8Array[];
}

/**
 * Reads a list of a provider that a file describes. It has its own connection, with one request at a time.
 */
export function createMappedPoll(options: MappedPollOptions): ReceiptPoll {
  const { name, mapping, poll, timeLimitMs } = options;
  const pool = createGatewayPool({
    url: new URL(mapping.origin),
    settings: options.connections,
    connections: 1,
    connectTimeoutMs: timeLimitMs,
    keepAliveMs: 0,
  });
  const sign = createSigner(mapping, {});
  const writePath = compilePath(poll);
  const judge = compileJudge(poll, mapping.origin, options.keys);
  return {
    provider: name,
    name: poll.name,
    pace: paceOf(poll),
    async readPage(span, page) {
      const path = writePath(span, page);
      const asked = readClocks();
      const headers = await sign({ method: 'GET', path, key: '', attempt: 1 });
      const outcome = await pool.exchange({
        method: 'GET',
        path,
        headers,
        mayStart: () => elapsedSince(asked) < timeLimitMs,
        timeLimitMs,
        largestAnswer: largestPage,
      });
      return judge(outcome, page);
    },
    stop: () => pool.destroy(),
  };
}

const largestPage = 16 * 1024 * 1024;

function paceOf({ times, ...poll }: PollMapping): ReceiptPoll['pace'] {
  return {
    resolutionMs: resolutionOf(times),
    longestMs: poll.longestMinutes * 60_000,
    lagMs: poll.lagSeconds * 1_000,
    overlapMs: poll.overlapSeconds * 1_000,
    everyMs: poll.everySeconds * 1_000,
    betweenMs: 1_000 / poll.perSecond,
  };
}

function compilePath({ path, times, pages }: PollMapping): (span: PollSpan, page?: string) => string {
  const write = compileText(path, encodeURIComponent);
  return (span, page) => {
    const whole = write((field) => writeTime(field === 'from' ? span.from : span.until, times));
    const asked = pages.by === 'number' ? String(countedPage(page, pages.first).number) : page;
    if (pages.by === 'none' || asked === undefined) return whole;
    return `${whole}${whole.includes('?') ? '&' : '?'}${pages.query}=${encodeURIComponent(asked)}`;
  };
}

function compileJudge(
  poll: PollMapping,
  origin: string,
  keys: readonly Uint8Array[],
): (outcome: HttpOutcome, page: string | undefined) => PollAnswer {
  const { marks } = createRecipientMarks(keys);
  const readPage = compilePage(poll, (id, to) => {
    if (!poll.withRecipient) return [id];
    return to === undefined ? [] : marks(to).map((mark) => `${id}.${mark}`);
  });
  const isEmpty = poll.empty === undefined ? () => false : compileRule({ status: poll.empty });
  return (outcome, page) => {
    if (outcome.kind !== 'answered') {
      return { kind: 'failed', cause: connectionCause(outcome.error, origin), retryAfterMs: undefined };
    }
    const parts = partsOf(outcome);
    const read = readPage(parts);
    if (read !== undefined) {
      const { receipts, ignored } = read;
      const next = nextOf(poll, { parts, page, length: read.length });
      return { kind: 'page', receipts, ignored, next, providerNow: clockOf(outcome.date) };
    }
    if (isEmpty(parts, () => '')) return { kind: 'empty' };
    const cause = statusCause(outcome.status, outcome.body);
    return { kind: 'failed', cause, retryAfterMs: parts.retryAfterMs };
  };
}

function clockOf(date: string): Date | undefined {
  const now = new Date(date);
  return Number.isNaN(now.getTime()) ? undefined : now;
}

function nextOf(
  { pages }: PollMapping,
  {
    parts,
    page,
    length,
  }: { readonly parts: AnswerParts; readonly page?: string | undefined; readonly length: number },
): string | undefined {
  switch (pages.by) {
    case 'none':
      return undefined;
    case 'token':
      return pages.more !== undefined && valuesAt(parts.json, pages.more)[0] === false
        ? undefined
        : textAt(parts.json, pages.next);
    case 'number': {
      const { number, before } = countedPage(page, pages.first);
      const read = before + length;
      const total = pages.total === undefined ? Number.NaN : Number(textAt(parts.json, pages.total));
      return length === 0 || read >= total ? undefined : `${number + 1} ${read}`;
    }
    default:
      return pages satisfies never;
  }
}

/** `3 2000` names the third page, which begins after 2,000 items. */
function countedPage(page: string | undefined, first: number) {
  const [number = first, before = 0] = page?.split(' ').map(Number) ?? [];
  return { number, before };
}
