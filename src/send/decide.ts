import type { Claim } from '../bill.ts';
import type { SettlingTransition } from '../db/settle.ts';
import type { SendAnswer } from './provider.ts';
import { retransmitDelayMs, retryDelayMs } from './retryPolicy.ts';

/** The transition that an answer asks for, as the state table says. */
export interface Decision {
  readonly transition: SettlingTransition;
  readonly reason?: string | undefined;
  readonly providerId?: string | undefined;
  readonly delayMs?: number | undefined;
}

export interface DecisionPolicy {
  readonly retransmit: { readonly delayMs: number; readonly maxCycles: number };
  /** In [0, 1). */
  readonly random: number;
}

/** What a provider's answer means for the bill: pure, so that every row of the table can be tested. */
export const decide = (answer: SendAnswer, claim: Claim, policy: DecisionPolicy): Decision => {
  switch (answer.kind) {
    case 'accepted':
      return { transition: 'accepted', providerId: answer.providerId };
    case 'refused':
      return claim.channel === 'EMAIL'
        ? { transition: 'emailRefused', reason: 'EMAIL_REFUSED' }
        : {
            transition: 'smsRefused',
            reason: 'SMS_REFUSED',
            delayMs: retransmitDelayMs(claim.cycle, policy.retransmit),
          };
    case 'notSent':
      return {
        transition: 'notSent',
        reason: answer.reason,
        delayMs: retryDelayMs(claim.attempts + 1, answer.retryAfterMs ?? 0, policy.random),
      };
    case 'unknown':
      return { transition: 'unknown', reason: answer.reason };
    default:
      return answer satisfies never;
  }
};
