import type { Channel, RefusedReason, SuppressedReason } from './channels.ts';

declare const brand: unique symbol;

/** A bill's id: a decimal number up to 2^63 - 1 as text, so that no id is ever rounded. */
export const billIdPattern = /^(?:[1-9]\d{0,17}|[1-8]\d{18}|9[01]\d{17})$/;

/** A billing month, `YYYY-MM`. */
export const monthPattern = /^[1-9]\d{3}-(0[1-9]|1[0-2])$/;

/** Has the form of `billIdPattern`. */
export type BillId = string & { readonly [brand]: 'BillId' };

/** A member's id, of the same form as a bill's. */
export type MemberId = string & { readonly [brand]: 'MemberId' };

/** Identifies one claim of one batch of bills; a new UUID per batch, never reused. */
export type ClaimToken = string & { readonly [brand]: 'ClaimToken' };

/** Identifies one run of one dispatcher process; a new UUID per start. */
export type DispatcherId = string & { readonly [brand]: 'DispatcherId' };

export type SendStatus = 'PENDING' | 'SENDING' | 'SENT' | 'IN_DOUBT' | 'DELIVERED' | 'FAILED' | 'CANCELLED';

/** How the answer to a claim changes its bill; each is an UPDATE of `db/transitions/settleBills.ts`. */
export type SettlingTransition =
  | 'accepted'
  | 'refusedToNext'
  | 'refusedForGood'
  | 'notSent'
  | 'braked'
  | 'held'
  | 'unknown'
  | 'never'
  | 'unaddressedToNext'
  | 'refusedBeforeToNext'
  | 'refusedBeforeForGood'
  | 'exhausted'
  | 'quietHours'
  | 'unpreparable';

/** Why a record went to the dead letter topic. */
export type PoisonReason =
  | 'EVENT_NOT_JSON'
  | 'EVENT_EMPTY'
  | 'EVENT_BAD_ID'
  | 'EVENT_TOO_LARGE'
  | 'EVENT_MEMBER_MISMATCH'
  | 'BILL_UNKNOWN'
  /** The record stands for a whole record batch. */
  | 'BATCH_TOO_LARGE'
  | 'BATCH_UNREADABLE';

/** Why a bill could not be prepared for sending. Nothing was sent, and a retry cannot help. */
export type PreparationFailure =
  | 'BILL_INCOMPLETE'
  | 'CIPHER_FAILED'
  | 'TEMPLATE_FAILED'
  | 'NO_CONTACT'
  | 'NOTHING_DUE'
  | 'RENDER_CRASHED';

/** Why a bill is FAILED. */
export type FailureReason =
  | PreparationFailure
  | RefusedReason
  | SuppressedReason
  | 'ATTEMPTS_EXHAUSTED'
  | 'PROVIDER_REJECTS_BILL'
  | 'GIVEN_UP'
  | 'DATABASE_REFUSED';

/** One bill's claim by this process. Every later transition compares it with the row. */
export interface Claim {
  readonly billId: BillId;
  readonly memberId: MemberId;
  readonly channel: Channel;
  readonly cycle: number;
  /** Hand-offs on this channel in this cycle, before this claim. */
  readonly attempts: number;
  /**
   * How long sending was tried in this cycle, ms: attempts and back-off, without pauses, brakes and doubt.
   */
  readonly triedMs: number;
  /** The channels that the cycle has left; null if none, as for nearly every bill. */
  readonly passed: readonly Channel[] | null;
  readonly token: ClaimToken;
  /** The date in its message: the same for every try of this cycle and channel, in whole seconds. */
  readonly datedAtMs?: number | undefined;
}

/** The order of ids: decimal numbers without leading zeros, so the longer one is greater. */
export function compareIds(a: BillId, b: BillId): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * `<billId>:<channel>:<cycle>`: identifies one attempt to the provider. The same attempt always has the same
 * key.
 */
export function idempotencyKeyOf(claim: Pick<Claim, 'billId' | 'channel' | 'cycle'>): string {
  return `${claim.billId}:${claim.channel}:${claim.cycle}`;
}

/** The cycle in the keys of messages that settle no bill. Bills count from 1, so no such key is a bill's. */
export const testCycle = 0;

/**
 * `<billId>:<channel>:0:<suffix>`: the key of a message that settles no bill: one of a rehearsal, or one to a
 * seed address.
 */
export function testKeyOf({ billId, channel }: Pick<Claim, 'billId' | 'channel'>, suffix: string): string {
  return `${billId}:${channel}:${testCycle}:${suffix}`;
}

/** Whether a key in a ledger belongs to a message that settles no bill. */
export function isTestKey(key: string): boolean {
  return /^\d+:[A-Z][A-Z0-9]*:\d+:(rehearsal|seed):/.test(key);
}
