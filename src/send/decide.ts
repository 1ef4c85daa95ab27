import type { Claim } from '../bill.ts';
import type { SettlingTransition } from '../db/settle.ts';
import type { SendAnswer } from './provider.ts';
import { retransmitDelayMs, retryDelayMs } from './retryPolicy.ts';

/** The transition that an answer asks for, as the state table says. */
export interface Decision {
  readonly transition: SettlingTransition;
  readonly reason?: string | undefined;
  readonly providerId?: string | undefined;
  readonly addressHash?: string | undefined;
  readonly delayMs?: number | undefined;
}

export interface DecisionSettings {
  readonly retransmit: { readonly delayMs: number; readonly maxCycles: number };
  /** A bill that could not be sent for so long is given up. */
  readonly cycleMaxAgeMs: number;
}

export interface DecisionPolicy extends DecisionSettings {
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
      if (claim.cycleAgeMs > policy.cycleMaxAgeMs) return givenUp(claim, policy);
      return {
        transition: 'notSent',
        reason: answer.reason,
        delayMs: retryDelayMs(claim.attempts + 1, answer.retryAfterMs ?? 0, policy.random),
      };
    case 'misconfigured':
      // Its channel is stopped meanwhile: its age says nothing, and its wait is only not to be the next at once.
      return { transition: 'notSent', reason: answer.reason, delayMs: retryDelayMs(1, 0, policy.random) };
    case 'unknown':
      return { transition: 'unknown', reason: answer.reason };
    default:
      return answer satisfies never;
  }
};

/** A provider that is down for a day fails the bill; it never becomes an SMS. */
const givenUp = (claim: Claim, policy: DecisionPolicy): Decision => ({
  transition: 'exhausted',
  reason: 'ATTEMPTS_EXHAUSTED',
  delayMs: retransmitDelayMs(claim.cycle, policy.retransmit),
});
