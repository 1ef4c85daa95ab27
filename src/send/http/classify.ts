import { z } from 'zod';
import type { LookupAnswer, SendAnswer } from '../provider.ts';
import { connectionCause, hostOf, statusCause } from './causes.ts';
import type { HttpOutcome } from './exchange.ts';

/** Whether the gateway's "not seen" is more than its present state: `HTTP_EMAIL_LOOKUP`, `HTTP_SMS_LOOKUP`. */
export type LookupTrust = 'authoritative' | 'advisory' | 'none';

export interface SendContext {
  readonly now: Date;
  /** Of the gateway, for the cause. */
  readonly origin: string;
}

/** What an answer of the gateway means for the bill: the protocol's table, row by row. */
export const classifySend = (outcome: HttpOutcome, { now, origin }: SendContext): SendAnswer => {
  switch (outcome.kind) {
    case 'answered':
      return classifyStatus(outcome, now);
    case 'notStarted':
      return outcome.because === 'TOO_LATE'
        ? { kind: 'notSent', reason: 'START_DEADLINE' }
        : {
            kind: 'notSent',
            reason: 'NO_CONNECTION',
            cause: connectionCause(outcome.error, origin),
            trouble: 'unreachable',
          };
    case 'broken':
      return outcome.because === 'TIME_OUT'
        ? { kind: 'unknown', reason: 'HTTP_TIME_OUT', cause: `no answer in time from ${hostOf(origin)}` }
        : { kind: 'unknown', reason: 'CONNECTION_BROKEN', cause: connectionCause(outcome.error, origin) };
    default:
      return outcome satisfies never;
  }
};

/** 404 counts only where the gateway is the authority; past the horizon is for the sweeper to know. */
export const classifyLookup = (outcome: HttpOutcome, trust: LookupTrust): LookupAnswer => {
  if (outcome.kind !== 'answered') return 'cannotTell';
  if (outcome.status === 200) return 'accepted';
  return outcome.status === 404 && trust === 'authoritative' ? 'never' : 'cannotTell';
};

const refused = new Set([400, 413, 422]);
const notTaken = new Set([408, 412, 429, 503]);
const settingsAreWrong = new Set([401, 403, 404, 405]);

const classifyStatus = (
  { status, retryAfter, body }: Extract<HttpOutcome, { kind: 'answered' }>,
  now: Date,
): SendAnswer => {
  const reason = `HTTP_${status}`;
  if (status >= 200 && status < 300) return { kind: 'accepted', providerId: idIn(body) };
  const cause = statusCause(status, body);
  if (refused.has(status)) return { kind: 'refused', reason, cause };
  if (notTaken.has(status)) {
    const trouble = status === 429 ? 'pace' : status === 412 ? undefined : 'busy';
    return { kind: 'notSent', reason, cause, trouble, retryAfterMs: retryAfterMsOf(retryAfter, now) };
  }
  if (settingsAreWrong.has(status) || (status >= 300 && status < 400))
    return { kind: 'misconfigured', reason, cause, scope: 'settingsOrBill' };
  return { kind: 'unknown', reason, cause };
};

const acceptance = z.object({
  id: z.union([z.string().regex(/^[\x20-\x7e]{1,200}$/), z.number().int().transform(String)]),
});

/** The provider's own id; undefined where there is none, or none that could be kept. */
const idIn = (body: string): string | undefined => {
  try {
    return acceptance.safeParse(JSON.parse(body)).data?.id;
  } catch {
    return undefined;
  }
};

const longestRetryAfterMs = 3_600_000;

/** RFC 9110, 10.2.3: seconds or an HTTP date. A slip of the provider's clock must not cost a bill its day. */
const retryAfterMsOf = (header: string, now: Date): number | undefined => {
  const text = header.trim();
  if (text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestRetryAfterMs);
};
