import { missedTurn, type SendAnswer } from '../provider.ts';
import { type AnswerBody, isAboutAnother, readAnswerBody } from './answerBody.ts';
import { connectionCause, hostOf, sentCause } from './causes.ts';
import type { Answered, HttpOutcome } from './exchange.ts';
import { retryAfterMsOf } from './retryAfter.ts';

/** What was sent, and when its answer came. */
export interface SendContext {
  readonly key: string;
  /** The gateway's origin, for the cause. */
  readonly origin: string;
  readonly now: Date;
  /** Whether the start deadline, which is also sent to the gateway, has passed by our clocks. */
  readonly deadlinePassed: boolean;
}

/**
 * What an answer of the gateway means for the bill: the protocol's table, row by row (docs/GATEWAY.md).
 * Proxies answer for a gateway that is down, so a status alone proves nothing.
 */
export function classifySend(outcome: HttpOutcome, context: SendContext): SendAnswer {
  return outcome.kind === 'answered'
    ? classifyAnswer(outcome, context)
    : classifyUnanswered(outcome, context.origin);
}

/** A request that got no status. */
export function classifyUnanswered(outcome: Exclude<HttpOutcome, Answered>, origin: string): SendAnswer {
  switch (outcome.kind) {
    case 'notStarted':
      return classifyNotStarted(outcome, origin);
    case 'broken':
      return outcome.because === 'TIME_OUT'
        ? { kind: 'unknown', reason: 'HTTP_TIME_OUT', cause: `no answer in time from ${hostOf(origin)}` }
        : { kind: 'unknown', reason: 'CONNECTION_BROKEN', cause: connectionCause(outcome.error, origin) };
    default:
      return outcome satisfies never;
  }
}

function classifyNotStarted(
  { because, error }: Extract<HttpOutcome, { kind: 'notStarted' }>,
  origin: string,
): SendAnswer {
  switch (because) {
    case 'TOO_LATE':
      return { kind: 'notSent', reason: 'START_DEADLINE' };
    case 'TURN_MISSED':
      return missedTurn;
    case 'NO_CONNECTION':
      return {
        kind: 'notSent',
        reason: 'NO_CONNECTION',
        cause: connectionCause(error, origin),
        trouble: 'unreachable',
      };
    case 'REFUSED':
      return {
        kind: 'notSent',
        reason: 'STREAM_REFUSED',
        cause: `${hostOf(origin)} refused it unread, by HTTP/2`,
        trouble: 'busy',
      };
    default:
      return because satisfies never;
  }
}

function classifyAnswer(outcome: Answered, context: SendContext): SendAnswer {
  const { status } = outcome;
  const body = readAnswerBody(outcome.body);
  if (body !== undefined && isAboutAnother(body, context.key)) {
    return {
      kind: 'unknown',
      reason: 'ANSWER_OF_ANOTHER',
      cause: `HTTP ${status} with the key of another message`,
    };
  }
  if (status < 300 && body !== undefined && isAcceptance(body, context.key)) {
    return { kind: 'accepted', providerId: body.id };
  }
  return classifyFailure(outcome, body, context);
}

/** A 2xx that says "not taken" in its body contradicts itself. */
function isAcceptance({ key, id, status }: AnswerBody, asked: string): boolean {
  return (key === asked || id !== undefined) && status !== 'not taken' && status !== 'not seen';
}

const refusals = new Set([400, 413, 422]);
const refusedOnlyByKey = new Set([408, 409, 503]);
const settingsAreWrong = new Set([401, 402, 403, 404, 405]);

function classifyFailure(outcome: Answered, body: AnswerBody | undefined, context: SendContext): SendAnswer {
  const { status } = outcome;
  const told = { reason: `HTTP_${status}`, cause: sentCause(status, outcome.body) };
  const retryAfterMs = retryAfterMsOf(outcome.retryAfter, context.now);
  if (refusals.has(status) && body !== undefined) return { kind: 'refused', ...told };
  if (status === 429) return { kind: 'notSent', ...told, trouble: 'pace', retryAfterMs };
  if (status === 412) return tooLate(outcome, told, { ...context, retryAfterMs });
  if (refusedOnlyByKey.has(status) && body?.key === context.key && body.status === 'not taken') {
    return { kind: 'notSent', ...told, trouble: 'busy', retryAfterMs };
  }
  if (settingsAreWrong.has(status) || (status >= 300 && status < 400) || status === 400) {
    return { kind: 'misconfigured', ...told, scope: 'settingsOrBill' };
  }
  return { kind: 'unknown', ...told };
}

const clockToleranceMs = 1_000;

/**
 * A 412 although the deadline has not passed by our clocks: the gateway's clock is ahead, or it means
 * something else by 412.
 */
function tooLate(
  { date }: Answered,
  told: { readonly reason: string; readonly cause: string },
  { now, deadlinePassed, retryAfterMs }: SendContext & { readonly retryAfterMs: number | undefined },
): SendAnswer {
  if (deadlinePassed) return { kind: 'notSent', ...told, retryAfterMs };
  const aheadMs = Date.parse(date) - now.getTime();
  if (!(aheadMs >= clockToleranceMs)) return { kind: 'notSent', ...told, trouble: 'busy', retryAfterMs };
  const seconds = Math.round(aheadMs / 1_000);
  return {
    kind: 'misconfigured',
    reason: 'CLOCK_SKEW',
    cause: `HTTP 412: the gateway's clock is ${seconds} s ahead of this machine's, set both by NTP`,
    scope: 'settings',
  };
}
