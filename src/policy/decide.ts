import type { Claim, SettlingTransition } from '../bill.ts';
import { type Channel, refusedReason } from '../channels.ts';
import { type Ladder, nextChannel } from '../ladder.ts';
import type { SendAnswer } from '../providers/provider.ts';
import { retransmitDelayMs, retryDelayMs } from './retryPolicy.ts';

/** The transition that an answer leads to, as in the state table. */
export interface Decision {
  readonly transition: SettlingTransition;
  readonly reason?: string | undefined;
  readonly providerId?: string | undefined;
  readonly addressHash?: string | undefined;
  /** The hash of what the message says, if it may have reached the member; see `EncodedMessage`. */
  readonly contentHash?: string | undefined;
  readonly delayMs?: number | undefined;
  /** The next channel, if the bill turns to it. */
  readonly next?: Channel | undefined;
}

export interface DecisionOptions {
  readonly ladder: Ladder;
  readonly retransmit: { readonly delayMs: number; readonly maxCycles: number };
  /** If a bill could not be sent for this long, it is given up. */
  readonly cycleMaxAgeMs: number;
}

export interface DecisionContext {
  readonly options: DecisionOptions;
  /** Whether the channel's brake is on, perhaps because of this very answer. */
  readonly isBraked: boolean;
  /** Whether the provider accepts other bills. */
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

/** The channel failed, not the bill: the attempt does not count. */
function waitForBrake(reason: string, { random }: DecisionContext): Decision {
  return {
    transition: 'braked',
    reason,
    delayMs: retryDelayMs(2, 0, random),
  };
}

/**
 * How often a bill is tried that is rejected while others pass: a provider, or a firewall before it, may
 * reject this one bill for ever.
 */
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

/** The provider was away for too long: the bill fails. It never turns to the next channel. */
function givenUp(claim: Claim, policy: DecisionContext): Decision {
  return {
    transition: 'exhausted',
    reason: 'ATTEMPTS_EXHAUSTED',
    delayMs: retransmitDelayMs(claim.cycle, policy.options.retransmit),
  };
}
