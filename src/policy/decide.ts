import type { Claim, SettlingTransition } from '../bill.ts';
import { type Channel, refusedReason } from '../channels.ts';
import { type Ladder, nextChannel } from '../ladder.ts';
import type { SendAnswer } from '../providers/provider.ts';
import { retransmitDelayMs, retryDelayMs } from './retryPolicy.ts';

/** The transition that an answer asks for, as the state table says. */
export interface Decision {
  readonly transition: SettlingTransition;
  readonly reason?: string | undefined;
  readonly providerId?: string | undefined;
  readonly addressHash?: string | undefined;
  /** Of what the message says, if it may have reached the member; see `EncodedMessage`. */
  readonly contentHash?: string | undefined;
  readonly delayMs?: number | undefined;
  /** For a change to the next channel: which one that is. */
  readonly next?: Channel | undefined;
}

export interface DecisionOptions {
  readonly ladder: Ladder;
  readonly retransmit: { readonly delayMs: number; readonly maxCycles: number };
  /** A bill that could not be sent for this long is given up. */
  readonly cycleMaxAgeMs: number;
}

export interface DecisionContext {
  readonly options: DecisionOptions;
  /** The brake of its channel is on, perhaps because of this very answer. */
  readonly isBraked: boolean;
  /** The provider accepts other bills. */
  readonly othersPass: boolean;
  /** In [0, 1). */
  readonly random: number;
}

/** Pure: what a provider's answer means for the bill. */
export function decide(answer: SendAnswer, claim: Claim, policy: DecisionContext): Decision {
  switch (answer.kind) {
    case 'accepted':
      return { transition: 'accepted', providerId: answer.providerId };
    case 'refused':
      return refused(claim, policy);
    case 'notSent':
      if (answer.isGivenBack) return { transition: 'held', delayMs: answer.retryAfterMs ?? 0 };
      if (policy.isBraked && answer.trouble !== undefined) return waitForBrake(answer.reason, policy);
      if (claim.triedMs > policy.options.cycleMaxAgeMs) return givenUp(claim, policy);
      return {
        transition: 'notSent',
        reason: answer.reason,
        delayMs: retryDelayMs(claim.attempts + 1, answer.retryAfterMs ?? 0, policy.random),
      };
    case 'misconfigured':
      return misconfigured(answer, claim, policy);
    case 'unknown':
      return { transition: 'unknown', reason: answer.reason };
    default:
      return answer satisfies never;
  }
}

function refused(claim: Claim, { options: { ladder, retransmit } }: DecisionContext): Decision {
  const reason = refusedReason(claim.channel);
  const next = nextChannel(ladder, claim, 'refused');
  return next === undefined
    ? { transition: 'refusedForGood', reason, delayMs: retransmitDelayMs(claim.cycle, retransmit) }
    : { transition: 'refusedToNext', reason, next };
}

/** The channel failed and not the bill: the attempt does not count. */
function waitForBrake(reason: string, { random }: DecisionContext): Decision {
  return {
    transition: 'braked',
    reason,
    delayMs: retryDelayMs(2, 0, random),
  };
}

/** A provider, or a firewall before it, may refuse this one bill for ever. */
const mostRejections = 5;

function misconfigured(
  { reason, scope }: Extract<SendAnswer, { kind: 'misconfigured' }>,
  { attempts }: Claim,
  policy: DecisionContext,
): Decision {
  if (policy.isBraked) return waitForBrake(reason, policy);
  const isItsOwn = scope !== 'settings' && policy.othersPass;
  if (isItsOwn && attempts + 1 >= mostRejections) {
    return { transition: 'exhausted', reason: 'PROVIDER_REJECTS_BILL' };
  }
  return { transition: 'notSent', reason, delayMs: retryDelayMs(attempts + 1, 0, policy.random) };
}

/** The provider was down for too long: the bill fails, and never turns to the next channel. */
function givenUp(claim: Claim, policy: DecisionContext): Decision {
  return {
    transition: 'exhausted',
    reason: 'ATTEMPTS_EXHAUSTED',
    delayMs: retransmitDelayMs(claim.cycle, policy.options.retransmit),
  };
}
