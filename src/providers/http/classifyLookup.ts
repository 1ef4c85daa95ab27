import type { LookupAnswer } from '../provider.ts';
import { readAnswerBody } from './answerBody.ts';
import type { HttpOutcome } from './exchange.ts';

/** `HTTP_<CHANNEL>_LOOKUP`: whether "not seen" proves that a message will not be accepted later either. */
export type LookupTrust = 'authoritative' | 'advisory' | 'none';

/**
 * What the answer to a look-up proves about the message with this key. Only a body with the key counts: an
 * ingress answers 404, and a login page 200, to everything. The sweeper checks that "not seen" comes after
 * the horizon.
 */
export function classifyLookup(outcome: HttpOutcome, key: string, trust: LookupTrust): LookupAnswer {
  if (outcome.kind !== 'answered') return 'cannotTell';
  const body = readAnswerBody(outcome.body);
  if (body?.key !== key) return 'cannotTell';
  if (outcome.status === 200 && body.id !== undefined) return 'accepted';
  const notSeen = outcome.status === 404 && body.status === 'not seen';
  return notSeen && trust === 'authoritative' ? 'never' : 'cannotTell';
}
