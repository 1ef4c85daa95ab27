import type { SendStatus, SettlingTransition } from '../../bill.ts';
import { nextStep } from './fragments.ts';
import type { Transition } from './transition.ts';

/** A transition by the answer to a claim; its SQL reads the relation `answer`. */
export interface Settling extends Transition {
  readonly name: SettlingTransition;
  /** The prepared statement's name. */
  readonly prepared: string;
  readonly set: string;
}

const keepsReason = 'reason = answer.reason';
const waits = `not_before = now() + coalesce(answer.delay_ms, 0) * interval '1 ms', ${keepsReason}`;
const turnsToNext = `${nextStep('answer.next_channel')}, ${keepsReason}`;
/** If there is no delay, the bill is not retransmitted. */
const fails = `not_before = now(), retransmit_at = now() + answer.delay_ms * interval '1 ms', ${keepsReason}`;

const afterHandOff = ['SENT', 'IN_DOUBT'] as const satisfies SendStatus[];
const claimed = ['SENDING', ...afterHandOff] as const satisfies SendStatus[];

const toNext = {
  by: ['dispatcher'],
  to: 'PENDING',
  andRow: 'next channel',
  token: 'cleared',
  set: turnsToNext,
} as const;
const toFailed = { by: ['dispatcher'], to: 'FAILED', token: 'cleared', set: fails } as const;
const toPending = { by: ['dispatcher'], to: 'PENDING', token: 'cleared', set: waits } as const;

export const settlings = {
  quietHours: {
    ...toPending,
    name: 'quietHours',
    prepared: 'settle-quiet-hours',
    event: "the member's quiet hours",
    from: ['SENDING'],
    andRow: '`not_before` = their end',
    outcome: 'QUIET',
  },
  unaddressedToNext: {
    ...toNext,
    name: 'unaddressedToNext',
    prepared: 'settle-no-email-address',
    event: 'the member has no address for the channel, and there is a next one',
    from: ['SENDING'],
    outcome: 'UNPREPARABLE',
  },
  refusedBeforeToNext: {
    ...toNext,
    name: 'refusedBeforeToNext',
    prepared: 'settle-email-refused-before',
    event: 'the address was refused for good in an earlier cycle, and there is a next channel',
    from: ['SENDING'],
    outcome: 'NOT_ASKED',
  },
  refusedBeforeForGood: {
    ...toFailed,
    name: 'refusedBeforeForGood',
    prepared: 'settle-sms-refused-before',
    event: 'the address was refused for good in an earlier cycle, on the last channel',
    from: ['SENDING'],
    andRow: 'dead letter owed, no retransmission',
    outcome: 'NOT_ASKED',
  },
  unpreparable: {
    ...toFailed,
    name: 'unpreparable',
    prepared: 'settle-unpreparable',
    event: 'cannot be prepared: cipher, template, no address for the last channel, incomplete',
    from: ['SENDING'],
    andRow: 'dead letter owed, no retransmission',
    outcome: 'UNPREPARABLE',
  },
  accepted: {
    name: 'accepted',
    prepared: 'settle-accepted',
    event: 'accepted (from IN_DOUBT also by a lookup)',
    by: ['dispatcher', 'sweeper'],
    from: afterHandOff,
    to: 'DELIVERED',
    token: 'kept',
    outcome: 'ACCEPTED',
    set: 'reason = null',
  },
  refusedToNext: {
    ...toNext,
    name: 'refusedToNext',
    prepared: 'settle-email-refused',
    event: 'refused, and there is a next channel',
    from: afterHandOff,
    outcome: 'REFUSED',
  },
  refusedForGood: {
    ...toFailed,
    name: 'refusedForGood',
    prepared: 'settle-sms-refused',
    event: 'refused on the last channel',
    from: afterHandOff,
    andRow: 'dead letter owed, `retransmit_at`',
    outcome: 'REFUSED',
  },
  notSent: {
    ...toPending,
    name: 'notSent',
    prepared: 'settle-not-sent',
    event: 'certainly not sent; the provider refuses our settings',
    from: claimed,
    andRow: '`not_before` = back-off',
    outcome: 'NOT_SENT',
    set: `${waits}, tried_ms = n.tried_ms + answer.elapsed_ms + coalesce(answer.delay_ms, 0)`,
  },
  braked: {
    ...toPending,
    name: 'braked',
    prepared: 'settle-braked',
    event: 'certainly not sent, and the brake is on',
    from: afterHandOff,
    andRow: 'the attempt does not count',
    outcome: 'NOT_SENT',
    set: `${waits}, attempts = greatest(n.attempts - 1, 0), tried_ms = n.tried_ms + answer.elapsed_ms`,
  },
  /** It leaves no entry in the journal, since nothing was tried; the row keeps its reason. */
  held: {
    ...toPending,
    name: 'held',
    prepared: 'settle-held',
    event: "the brake is on, or a domain's pace is full, and the send was not begun",
    from: ['SENDING', 'SENT'],
    andRow: '`not_before` = a second or two, the attempt does not count',
    set: `not_before = now() + coalesce(answer.delay_ms, 0) * interval '1 ms',
          attempts = case when n.send_status = 'SENT' then greatest(n.attempts - 1, 0) else n.attempts end`,
  },
  exhausted: {
    ...toFailed,
    name: 'exhausted',
    prepared: 'settle-exhausted',
    event:
      'certainly not sent, and tried for longer than `CYCLE_MAX_AGE_MS`, or the fifth time while others pass',
    from: claimed,
    andRow: 'dead letter owed, `retransmit_at`',
    outcome: 'NOT_SENT',
  },
  unknown: {
    name: 'unknown',
    prepared: 'settle-unknown',
    event: 'unknown (its own dispatcher says so)',
    by: ['dispatcher'],
    from: ['SENT'],
    to: 'IN_DOUBT',
    token: 'kept',
    outcome: 'UNKNOWN',
    set: `not_before = '-infinity', ${keepsReason}`,
  },
  never: {
    ...toPending,
    name: 'never',
    prepared: 'settle-never',
    event: 'an authoritative lookup past the horizon: never',
    by: ['sweeper'],
    from: ['IN_DOUBT'],
    andRow: 'same cycle, same key',
    outcome: 'NEVER',
  },
} as const satisfies Record<SettlingTransition, Settling>;
