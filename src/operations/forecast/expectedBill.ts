import type { BillId, FailureReason } from '../../bill.ts';
import type { MessageForm } from '../../channelModule.ts';
import { type Channel, refusedReason, suppressedReason } from '../../channels.ts';
import { type Ladder, nextChannel, type Place } from '../../ladder.ts';
import type { BillFigures } from '../../render/bill/billModel.ts';
import type { UnpreparableBill } from '../../render/bill/renderedBill.ts';

/** Why a bill goes on by the next channel. */
export type TurnReason = 'noContact' | 'refused' | 'suppressed';

export interface Turn {
  readonly from: Channel;
  readonly to: Channel;
  readonly why: TurnReason;
}

/** The message that a bill is expected to become. */
export interface ExpectedMessage {
  readonly kind: 'goes';
  readonly channel: Channel;
  readonly form: MessageForm;
  /** The size of an e-mail's HTML part, or of a short text in CP949. */
  readonly bytes: number;
  /** The domain of an e-mail address. */
  readonly domain: string | undefined;
  /** How long it would wait for the end of quiet hours if it went out now; 0 if it need not. */
  readonly quietMs: number;
}

export interface ExpectedFailure {
  readonly kind: 'fails';
  readonly channel: Channel;
  readonly reason: FailureReason;
  /** Names the part of the bill that is at fault, and holds nothing personal. */
  readonly detail: string;
}

/** What becomes of a bill if every message is accepted. */
export interface ExpectedBill {
  readonly billId: BillId;
  readonly first: Channel;
  readonly turns: readonly Turn[];
  /** The amount in minor units; null if the source does not give it. */
  readonly amount: number | null;
  /** ISO 4217; null: `CURRENCY`. */
  readonly currency: string | null;
  /** Undefined if the bill cannot be read. */
  readonly figures: BillFigures | undefined;
  readonly end: ExpectedMessage | ExpectedFailure;
}

/** What prevents a message: it cannot be made, or its address is not tried any more. */
export type Obstacle =
  | UnpreparableBill
  | { readonly kind: 'unwanted'; readonly why: 'refused' | 'suppressed' };

/** Pure: whether the bill goes on by the next channel, as on the path, or fails. */
export function afterObstacle(ladder: Ladder, place: Place, obstacle: Obstacle): Turn | ExpectedFailure {
  const { channel } = place;
  if (obstacle.kind === 'unpreparable') {
    const { reason, detail } = obstacle;
    const next = reason === 'NO_CONTACT' ? nextChannel(ladder, place, 'noContact') : undefined;
    return next === undefined
      ? { kind: 'fails', channel, reason, detail }
      : { from: channel, to: next, why: 'noContact' };
  }
  const { why } = obstacle;
  const next = nextChannel(ladder, place, 'refused');
  if (next !== undefined) return { from: channel, to: next, why };
  const reason = why === 'refused' ? refusedReason(channel) : suppressedReason(channel);
  return { kind: 'fails', channel, reason, detail: '' };
}
