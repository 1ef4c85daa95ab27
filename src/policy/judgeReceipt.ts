import type { SendStatus } from '../bill.ts';
import type { Channel } from '../channels.ts';
import type { ReceiptKind } from '../providers/inbound/receipt.ts';

/** What a receipt that moves nothing says about its bill. */
export type KeptVerdict =
  /** The row is DELIVERED by that attempt, and stays so. */
  | 'confirmed'
  | 'relayed'
  | 'bounced'
  /** It came back after `receiptWithin`. */
  | 'late'
  /** The row is at another attempt, or has ended in another way. */
  | 'superseded'
  /** Two attempts had this key, and the receipt does not tell which of them it is about. */
  | 'unclear'
  | 'unknownBill'
  | 'monthClosed';

export type ReceiptJudgement =
  /** The answer to the attempt itself must come first. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'keep'; readonly verdict: KeptVerdict }
  | { readonly kind: 'move'; readonly move: 'receiptAccepts' | 'receiptTurns' | 'receiptFails' };

/** The row of the receipt's bill, as it was read. */
export interface JudgedRow {
  readonly sendStatus: SendStatus;
  /** Whether the row is in the receipt's cycle and channel, under a claim of ours. */
  readonly isSameAttempt: boolean;
  /**
   * Whether the bill was sent again under this key, after the provider said that it never got the first send.
   */
  readonly wasSentAgain: boolean;
  /** Whether the receipt names the provider's id of the accepted attempt. */
  readonly namesAcceptance: boolean;
  /** Whether the receipt came within `receiptWithin` of the hand-off. */
  readonly isInTime: boolean;
  readonly isInClosedMonth: boolean;
}

/**
 * Pure: what a receipt means. A positive one settles a doubt as accepted. A negative one settles a doubt as
 * not accepted, and turns a recent delivery to the next channel. Silence is no receipt, and changes nothing.
 * If a message was turned away for its sender or its content, it does not go on: the next channel would get
 * all such bills.
 * @param next the channel by which the bill goes on if this message came back; undefined if there is none
 */
export function judgeReceipt(
  kind: ReceiptKind,
  row: JudgedRow | undefined,
  next: Channel | undefined,
): ReceiptJudgement {
  if (row === undefined) return keep('unknownBill');
  if (row.isInClosedMonth) return keep('monthClosed');
  if (!row.isSameAttempt) return keep('superseded');
  const said = cameBack(kind, next);
  switch (row.sendStatus) {
    case 'SENT':
      return { kind: 'wait' };
    case 'IN_DOUBT':
      return said === undefined ? move('receiptAccepts') : ofDoubt(row, said);
    case 'DELIVERED':
      return said === undefined ? keep(kind === 'relayed' ? kind : 'confirmed') : ofDelivery(row, said);
    case 'PENDING':
    case 'SENDING':
    case 'FAILED':
    case 'CANCELLED':
      return keep('superseded');
    default:
      return row.sendStatus satisfies never;
  }
}

/** A message that came back. */
interface CameBack {
  /** There is a next channel for the bill. */
  readonly goesOn: boolean;
}

function cameBack(kind: ReceiptKind, next: Channel | undefined): CameBack | undefined {
  if (kind === 'blocked') return { goesOn: false };
  return kind === 'bounced_hard' || kind === 'bounced_soft' ? { goesOn: next !== undefined } : undefined;
}

function ofDoubt(row: JudgedRow, { goesOn }: CameBack): ReceiptJudgement {
  if (isUnclear(row)) return keep('unclear');
  return move(goesOn ? 'receiptTurns' : 'receiptFails');
}

function ofDelivery(row: JudgedRow, { goesOn }: CameBack): ReceiptJudgement {
  if (isUnclear(row)) return keep('unclear');
  if (!goesOn) return keep('bounced');
  return row.isInTime ? move('receiptTurns') : keep('late');
}

/** Whether the receipt may be about an earlier send under the same key. */
function isUnclear({ wasSentAgain, namesAcceptance }: JudgedRow): boolean {
  return wasSentAgain && !namesAcceptance;
}

function move(by: 'receiptAccepts' | 'receiptTurns' | 'receiptFails'): ReceiptJudgement {
  return { kind: 'move', move: by };
}

function keep(verdict: KeptVerdict): ReceiptJudgement {
  return { kind: 'keep', verdict };
}
