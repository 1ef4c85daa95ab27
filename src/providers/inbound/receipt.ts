import type { BillId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';

/**
 * What became of a message after its provider had accepted it. `relayed`: passed on to a server that sends no
 * receipts. `blocked`: rejected for its sender or its content, so it says nothing about the address.
 */
export const receiptKinds = [
  'delivered',
  'relayed',
  'bounced_hard',
  'bounced_soft',
  'blocked',
  'complained',
] as const;

export type ReceiptKind = (typeof receiptKinds)[number];

/** Which attempt a receipt is about: the parts of its idempotency key. */
export interface AttemptName {
  readonly billId: BillId;
  readonly channel: Channel;
  readonly cycle: number;
}

/** A receipt that was read. It names its attempt by our key, or by the provider's id of the message. */
export interface Receipt {
  readonly attempt?: AttemptName | undefined;
  readonly providerId?: string | undefined;
  readonly kind: ReceiptKind;
  /** The time by the provider's clock. */
  readonly at?: Date | undefined;
  /** The provider's own code, such as `550 5.1.1`; see `codeIn`. */
  readonly code?: string | undefined;
  /** The recipient. Only a keyed hash of it is ever stored. */
  readonly recipient?: string | undefined;
}
