import { createHash } from 'node:crypto';
import { classifyUnanswered } from '../http/classify.ts';
import type { HttpOutcome } from '../http/exchange.ts';
import type { SendAnswer } from '../provider.ts';
import type { Judgement } from './answerRules.ts';
import { BatchCollector } from './batchCollector.ts';
import { compileBatchJudge } from './batchJudge.ts';
import { splitBatchBody } from './bodyTemplate.ts';
import type { BatchMapping } from './mappingSchema.ts';
import { answerOf, type Outgoing, partsOf, post, type Sender, type SenderDeps } from './sender.ts';

/** A message that waits for its answer. */
interface Waiting extends Outgoing {
  readonly settle: (answer: SendAnswer) => void;
  readonly fail: (error: unknown) => void;
}

type Batch = readonly Waiting[];

/** Sends many messages per request. Each message gets its own answer. */
export function createBatchSender(deps: SenderDeps, batch: BatchMapping): Sender {
  const deliver = createDelivery(deps, batch);
  const collector = new BatchCollector<Waiting>(batch, (messages) => {
    deliver(messages).catch((error: unknown) => {
      // Messages that have their answer already ignore this.
      for (const { fail } of messages) fail(error);
    });
  });
  return {
    send: (outgoing) => new Promise((settle, fail) => collector.add({ ...outgoing, settle, fail })),
    flush: () => collector.flush(),
  };
}

function createDelivery(deps: SenderDeps, { body, items }: BatchMapping): (messages: Batch) => Promise<void> {
  const join = createJoin(body);
  const judge = compileBatchJudge(deps, items);

  const deliver = async (messages: Batch): Promise<void> => {
    const inTime = withoutLate(messages);
    if (inTime.length === 0) return;
    const outcome = await post(deps, {
      body: join(inTime),
      key: keyOf(inTime),
      attempt: Math.max(...inTime.map(({ attempt }) => attempt.claim.attempts)) + 1,
      mayStart: () => inTime.every(({ attempt }) => !attempt.startDeadline.passed()),
      largestAnswer: answerBytes * inTime.length + 65_536,
    });
    if (outcome.kind === 'answered') return settle(inTime, judge(partsOf(outcome), inTime));
    // Nothing was written: messages that are too late by now are left out, and the others are sent.
    if (isTooLate(outcome)) return deliver(inTime);
    for (const message of inTime) message.settle(classifyUnanswered(outcome, deps.origin));
  };

  const settle = async (messages: Batch, judged: readonly Judgement[] | 'divide'): Promise<void> => {
    if (judged === 'divide') {
      const half = messages.length >> 1;
      await Promise.all([deliver(messages.slice(0, half)), deliver(messages.slice(half))]);
      return;
    }
    for (const [index, message] of messages.entries()) {
      message.settle(answerOf(judged[index] ?? { kind: 'perItem' }, message, deps.ids));
    }
  };
  return deliver;
}

/** The bytes that an answer may have per message. */
const answerBytes = 2_048;

/** Answers the messages whose deadline has passed. @returns the others */
function withoutLate(messages: Batch): Batch {
  return messages.filter(({ attempt, settle }) => {
    const late = attempt.startDeadline.passed();
    if (late) settle({ kind: 'notSent', reason: 'START_DEADLINE' });
    return !late;
  });
}

function isTooLate(outcome: HttpOutcome): boolean {
  return outcome.kind === 'notStarted' && outcome.because === 'TOO_LATE';
}

/** The key of a batch: the same for the same messages. */
function keyOf(messages: Batch): string {
  const keys = messages.map(({ attempt }) => attempt.idempotencyKey);
  return createHash('sha256').update(keys.join()).digest('hex');
}

/** Joins the bodies by one copy, because a request has one body. */
function createJoin(body: BatchMapping['body']): (messages: Batch) => Uint8Array {
  const [before, after] = splitBatchBody(body);
  const [open, close, comma] = [Buffer.from(before), Buffer.from(after), Buffer.from(',')];
  return (messages) =>
    Buffer.concat([
      open,
      ...messages.flatMap(({ body: item }, index) => (index === 0 ? [item] : [comma, item])),
      close,
    ]);
}
