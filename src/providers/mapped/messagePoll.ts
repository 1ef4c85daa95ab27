import { connectionCause, statusCause } from '../http/causes.ts';
import type { ConnectionSettings } from '../http/connector.ts';
import type { HttpOutcome } from '../http/exchange.ts';
import { createGatewayPool } from '../http/gatewayPool.ts';
import type { AskedMessage, MessageAnswer, MessagePoll } from '../receiptPoll.ts';
import { elapsedSince, readClocks } from '../startDeadline.ts';
import { type AnswerParts, compileRule } from './answerRules.ts';
import { textAt } from './jsonPointer.ts';
import { compileText } from './placeholders.ts';
import { compileSaid, itemsIn, noField } from './pollItems.ts';
import { type MessagePollMapping, polledChannels } from './pollSchema.ts';
import type { ResolvedMapping } from './resolveMapping.ts';
import { partsOf } from './sender.ts';
import { createSigner } from './signRequest.ts';

export interface MessagePollOptions {
  /** Of the provider. */
  readonly name: string;
  readonly mapping: ResolvedMapping;
  readonly poll: MessagePollMapping;
  readonly connections: ConnectionSettings;
  readonly timeLimitMs: number;
  /** Messages that it is asked about. */
  readonly perSecond: number;
}

/** Asks a provider that a file describes about one message. It has its own connection. */
export function createMessagePoll(options: MessagePollOptions): MessagePoll {
  const { name, mapping, poll, timeLimitMs, perSecond } = options;
  const pool = createGatewayPool({
    url: new URL(mapping.origin),
    settings: options.connections,
    connections: 1,
    connectTimeoutMs: timeLimitMs,
    keepAliveMs: 0,
  });
  const sign = createSigner(mapping, {});
  const writePath = compileText(poll.path, encodeURIComponent);
  const judge = compileJudge(poll, mapping.origin);
  return {
    provider: name,
    name: poll.name,
    channels: polledChannels(poll),
    betweenMs: 1_000 / perSecond,
    async readMessage(message) {
      const path = writePath(valuesOf(message));
      const asked = readClocks();
      const headers = await sign({ method: 'GET', path, key: keyOf(message), attempt: 1 });
      const outcome = await pool.exchange({
        method: 'GET',
        path,
        headers,
        mayStart: () => elapsedSince(asked) < timeLimitMs,
        timeLimitMs,
      });
      return judge(outcome, message);
    },
    stop: () => pool.destroy(),
  };
}

function keyOf({ billId, channel, cycle }: AskedMessage): string {
  return `${billId}:${channel}:${cycle}`;
}

function valuesOf(message: AskedMessage): (field: string) => string {
  const { billId, channel, cycle, providerId: id } = message;
  const values: Readonly<Record<string, string>> = {
    id,
    key: keyOf(message),
    billId,
    channel,
    cycle: String(cycle),
  };
  return (field) => values[field] ?? '';
}

function compileJudge(
  poll: MessagePollMapping,
  origin: string,
): (outcome: HttpOutcome, message: AskedMessage) => MessageAnswer {
  const isAnswer = compileRule(poll.answer);
  const isMissing = poll.missing === undefined ? () => false : compileRule(poll.missing);
  const saidIn = compileSaid(poll);
  return (outcome, message) => {
    const { providerId, ...attempt } = message;
    // What is found by our key may be about an earlier send under it, with another id.
    const names = poll.itemKey === undefined ? { attempt, providerId } : { attempt };
    if (outcome.kind !== 'answered') {
      return { kind: 'failed', cause: connectionCause(outcome.error, origin), retryAfterMs: undefined };
    }
    const parts = partsOf(outcome);
    if (isMissing(parts, noField)) return { kind: 'told', receipts: [] };
    const items = isAnswer(parts, noField) ? itemsAbout(poll, parts, message) : undefined;
    if (items === undefined) {
      const cause = statusCause(outcome.status, outcome.body);
      return { kind: 'failed', cause, retryAfterMs: parts.retryAfterMs };
    }
    const said = items.map((item) => saidIn(parts, item));
    const receipts = said.flatMap((one) => (one === undefined ? [] : [{ ...one, ...names }]));
    return { kind: 'told', receipts };
  };
}

/** The items that are about this message; undefined: the answer is about others. */
function itemsAbout(
  { id, itemId, itemIdEnds, itemKey, items }: MessagePollMapping,
  parts: AnswerParts,
  message: AskedMessage,
): unknown[] | undefined {
  const found = itemsIn(parts, items);
  if (id !== undefined) return textAt(parts.json, id) === message.providerId ? found : undefined;
  const isAbout = (item: unknown): boolean => {
    if (itemKey !== undefined) return textAt(item, itemKey) === keyOf(message);
    const told = itemId === undefined ? undefined : textAt(item, itemId);
    return (
      told === message.providerId ||
      (itemIdEnds !== undefined && told?.startsWith(message.providerId + itemIdEnds) === true)
    );
  };
  const about = found.filter(isAbout);
  return about.length === 0 && found.length > 0 ? undefined : about;
}
