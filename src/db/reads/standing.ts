import type { BillId, ClaimToken, SendStatus } from '../../bill.ts';
import type { Channel } from '../../channels.ts';

/** The bills that a person means: those that meet every condition given. */
export interface Selection {
  readonly billIds?: readonly BillId[] | undefined;
  /** First day of the billing month as `YYYY-MM-DD`. */
  readonly month?: string | undefined;
  /** The row's reason code. */
  readonly reason?: string | undefined;
  /**
   * Of a month, or of all bills: only those in this state. Of bills by id: all, so that each is accounted
   * for.
   */
  readonly sendStatus?: SendStatus | undefined;
  /** In doubt since this time, or since a later one. */
  readonly doubtedFrom?: Date | undefined;
  /** In doubt since before this time. */
  readonly doubtedBefore?: Date | undefined;
}

/** Where a selected bill stood when it was read. A move checks in its UPDATE that it still stands there. */
export interface Standing {
  readonly billId: BillId;
  readonly sendStatus: SendStatus;
  readonly publishStatus: 'HELD' | 'PENDING' | 'PUBLISHED';
  readonly cycle: number;
  readonly token: ClaimToken | null;
  readonly channel: Channel;
  /** The channels that its cycle has left; null if none. */
  readonly passed: readonly Channel[] | null;
  /** Its month is closed: it stands for good. */
  readonly inClosedMonth: boolean;
}
