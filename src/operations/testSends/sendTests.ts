import type { Channel } from '../../channels.ts';
import {
  beginTestSends,
  type EndedTestSend,
  endTestSends,
  type TestSender,
  type TestSendName,
} from '../../db/runs/testSends.ts';
import { largestBillBytes } from '../../db/source/billLoader.ts';
import { createLimit } from '../../lib/limit.ts';
import type { SendableBill } from '../../pool/renderPool.ts';
import type { SendAnswer } from '../../providers/provider.ts';
import type { OpenProvider } from '../../providers/providerKind.ts';
import { type RenderedTest, renderTests, type TestRequest } from './renderTests.ts';
import { sendTest } from './sendTest.ts';
import type { TestSending } from './testSending.ts';

/** The result of one message. */
export type TestResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' | 'notSent' | 'unknown'; readonly reason: string; readonly cause?: string }
  /** It was sent before, or perhaps was. */
  | { readonly kind: 'before' }
  /** Its recipient must not get it. */
  | { readonly kind: 'unwanted' }
  /** The limit was reached before it. */
  | { readonly kind: 'beyondLimit' }
  | { readonly kind: 'unpreparable'; readonly reason: string };

export interface TestBatch {
  readonly sender: TestSender;
  /** All are of one channel. */
  readonly requests: readonly TestRequest[];
  /** The provider of the channel that sends them. */
  readonly open: OpenProvider;
  /** Decides by the contact that a message was rendered for. */
  readonly isWanted: (to: string, channel: Channel) => boolean;
  /** The most messages that may be sent; others are beyond the limit. */
  readonly atMost: number;
}

const sendsAtOnce = 16;

/**
 * Renders messages, records which of them are about to be sent, sends those, and records the answers. The
 * results are in the order of the requests. A batch is in memory as a whole.
 */
export async function sendTests(deps: TestSending, batch: TestBatch): Promise<TestResult[]> {
  const results = new Map<TestRequest, TestResult>();
  const { requests } = batch;
  const first = { requests, mostBytes: ordinaryBytes, atMost: batch.atMost };
  const { large, sent } = await sendPart(deps, batch, { ...first, results });
  let left = batch.atMost - sent;
  for (const request of large) {
    const alone = { requests: [request], mostBytes: largestBillBytes, atMost: left };
    left -= (await sendPart(deps, batch, { ...alone, results })).sent;
  }
  return requests.map((request) => results.get(request) ?? { kind: 'before' });
}

/** Room for some hundred items. Larger bills are loaded one at a time. */
const ordinaryBytes = 65_536;

interface Part extends Pick<TestBatch, 'requests' | 'atMost'> {
  readonly mostBytes: number;
  readonly results: Map<TestRequest, TestResult>;
}

async function sendPart(
  deps: TestSending,
  { open, isWanted, sender }: TestBatch,
  { results, atMost, ...loading }: Part,
): Promise<{ readonly large: readonly TestRequest[]; readonly sent: number }> {
  const { rendered, large } = await renderTests(deps, open, loading);
  const ready: Ready[] = [];
  for (const { request, claim, message } of rendered) {
    if (message.kind === 'unpreparable') {
      results.set(request, { kind: 'unpreparable', reason: message.reason });
    } else if (!isWanted(message.to, request.channel)) {
      results.set(request, { kind: 'unwanted' });
    } else if (ready.length < atMost) {
      ready.push({ request, claim, message });
    } else {
      results.set(request, { kind: 'beyondLimit' });
    }
  }
  if (ready.length > 0) await sendReady(deps, { sender, open, ready, results });
  return { large, sent: ready.length };
}

interface Ready extends Pick<RenderedTest, 'request' | 'claim'> {
  readonly message: SendableBill;
}

async function sendReady(
  deps: TestSending,
  {
    sender,
    open,
    ready,
    results,
  }: Pick<TestBatch, 'sender' | 'open'> & {
    readonly ready: readonly Ready[];
    readonly results: Map<TestRequest, TestResult>;
  },
): Promise<void> {
  const names = ready.map(({ request }) => ({ ...nameOf(request), provider: open.name }));
  const begun = new Set((await beginTestSends(deps.database, sender, names)).map(textOf));
  const won = ready.filter(({ request }) => begun.has(textOf(nameOf(request))));
  const limit = createLimit(Math.min(sendsAtOnce, open.provider.concurrency));
  const ended = await Promise.all(
    won.map(async ({ request, claim, message }) => {
      const answer = await limit(() => sendTest(deps, open, { claim, message }));
      results.set(request, resultOf(answer));
      return endedOf(request, answer);
    }),
  );
  if (ended.length > 0) await endTestSends(deps.database, sender, ended);
}

function nameOf({ bill: { billId }, channel, test: { keySuffix } }: TestRequest): TestSendName {
  return { keySuffix, billId, channel };
}

function textOf({ keySuffix, billId, channel }: TestSendName): string {
  return `${billId}:${channel}:${keySuffix}`;
}

function resultOf(answer: SendAnswer): TestResult {
  if (answer.kind === 'accepted') return { kind: 'accepted' };
  const { kind, reason, cause } = answer;
  const why = cause === undefined ? { reason } : { reason, cause };
  return { kind: kind === 'misconfigured' ? 'notSent' : kind, ...why };
}

function endedOf(request: TestRequest, answer: SendAnswer): EndedTestSend {
  const name = nameOf(request);
  switch (answer.kind) {
    case 'accepted':
      return { ...name, outcome: 'ACCEPTED', reason: null, providerId: answer.providerId ?? null };
    case 'refused':
      return { ...name, outcome: 'REFUSED', reason: answer.reason, providerId: null };
    case 'notSent':
    case 'misconfigured':
      return { ...name, outcome: 'NOT_SENT', reason: answer.reason, providerId: null };
    case 'unknown':
      return { ...name, outcome: 'UNKNOWN', reason: answer.reason, providerId: null };
    default:
      return answer satisfies never;
  }
}
