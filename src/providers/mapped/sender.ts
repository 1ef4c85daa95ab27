import type { Answered, HttpOutcome } from '../http/exchange.ts';
import type { GatewayPool } from '../http/gatewayPool.ts';
import type { IdKeeper } from '../http/idKeeper.ts';
import { retryAfterMsOf } from '../http/retryAfter.ts';
import type { SendAnswer, SendAttempt } from '../provider.ts';
import type { AnswerParts, FieldOf, Judgement } from './answerRules.ts';
import type { Answers } from './answerSchema.ts';
import type { SendMapping } from './mappingSchema.ts';
import type { SignRequest } from './signRequest.ts';

/** One message on its way out. */
export interface Outgoing {
  readonly to: string;
  readonly body: Uint8Array;
  readonly attempt: SendAttempt;
}

/** Sends the messages of one form. */
export interface Sender {
  send(outgoing: Outgoing): Promise<SendAnswer>;
  /** Sends at once what waits for a fuller batch. */
  flush(): void;
}

export interface SenderDeps {
  readonly send: SendMapping;
  readonly pool: GatewayPool;
  readonly sign: SignRequest;
  readonly ids: IdKeeper;
  /** The provider's origin, for causes. */
  readonly origin: string;
  readonly sendTimeoutMs: number;
  /** The rules: those with this name, or the value itself. */
  readonly answersOf: (value: SendMapping['answers']) => Answers;
}

export interface Posting {
  readonly body: Uint8Array;
  readonly key: string;
  readonly attempt: number;
  readonly mayStart: () => boolean;
  readonly turnEndsMs?: number | undefined;
  readonly largestAnswer?: number;
}

/** Signs one request and makes it, once. If it cannot be signed, it is not sent. */
export async function post(
  { send, pool, sign, sendTimeoutMs }: SenderDeps,
  { body, key, attempt, mayStart, turnEndsMs, largestAnswer }: Posting,
): Promise<HttpOutcome> {
  const { path } = send;
  let headers: Awaited<ReturnType<SignRequest>>;
  try {
    headers = await sign({ method: 'POST', path, body, key, attempt });
  } catch (error) {
    const fault = error instanceof Error ? error : new Error(String(error));
    return { kind: 'notStarted', because: 'NO_CONNECTION', error: fault };
  }
  const request = {
    method: 'POST',
    path,
    headers,
    body,
    mayStart,
    turnEndsMs,
    largestAnswer,
    keepsHeaders: true,
    freesBody: true,
  } as const;
  return pool.exchange({ ...request, timeLimitMs: sendTimeoutMs });
}

export function partsOf({ status, body, headers, retryAfter }: Answered): AnswerParts {
  return {
    status,
    text: body,
    json: jsonOf(body),
    header: (name) => [headers?.[name]].flat()[0],
    retryAfterMs: retryAfterMsOf(retryAfter, new Date()),
  };
}

/** @returns undefined if it is not an object or list: then a proxy answered, not the provider */
function jsonOf(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The values with which conditions compare, of the message that an answer is about. */
export function valuesOfAttempt(
  { claim, idempotencyKey }: Pick<SendAttempt, 'claim' | 'idempotencyKey'>,
  to: string,
): FieldOf {
  return (field) => {
    switch (field) {
      case 'key':
        return idempotencyKey;
      case 'to':
        return to;
      case 'billId':
      case 'memberId':
      case 'channel':
      case 'cycle':
        return String(claim[field]);
      default:
        throw new RangeError(`no value for ${field}`);
    }
  };
}

/** The answer for the pipeline that follows from a judgement. */
export function answerOf(judgement: Judgement, { to, attempt }: Outgoing, ids: IdKeeper): SendAnswer {
  switch (judgement.kind) {
    case 'accepted':
      return { kind: 'accepted', providerId: ids.keep(judgement.providerId, to, attempt.claim.billId) };
    case 'perItem':
      return { kind: 'unknown', reason: 'NOT_IN_ANSWER' };
    default:
      return judgement;
  }
}
