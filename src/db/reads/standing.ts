import type { BillId, ClaimToken, SendStatus } from '../../bill.ts';
import type { Channel } from '../../channels.ts';

/** The bills that a person chooses: those that meet all given conditions. */
export interface Selection {
  readonly billIds?: readonly BillId[] | undefined;
  /** First day of the billing month as `YYYY-MM-DD`. */
  readonly month?: string | undefined;
  /** The row's reason code. */
  readonly reason?: string | undefined;
  /**
   * Of a month, or of all bills, only those in this state. Of bills by id all are returned, so that each is
   * accounted for.
   */
  readonly sendStatus?: SendStatus | undefined;
  /** Bills that are in doubt since this time or later. */
  readonly doubtedFrom?: Date | undefined;
  /** Bills that were in doubt before this time. */
  readonly doubtedBefore?: Date | undefined;
}

/** The state of a selected bill when it was read. A move checks in its UPDATE that it is still the same. */
export interface Standing {
  readonly billId: BillId;
  readonly sendStatus: SendStatus;
  readonly publishStatus: 'HELD' | 'PENDING' | 'PUBLISHED';
  readonly cycle: number;
  readonly token: ClaimToken | null;
  readonly channel: Channel;
  /** The channels that its cycle has left; null if none. */
  readonly passed: readonly Channel[] | null;
  /** Whether its month is closed: then the bill is final. */
  readonly inClosedMonth: boolean;
}

/** What shows in the row if anything has happened to its bill. */
type Seen = Pick<Standing, 'sendStatus' | 'publishStatus' | 'cycle' | 'token' | 'channel'>;

/** Whether nothing has happened to a bill since it was seen, as far as its row shows. */
export function isAsSeen(now: Seen, seen: Seen): boolean {
  return (
    now.sendStatus === seen.sendStatus &&
    now.publishStatus === seen.publishStatus &&
    now.cycle === seen.cycle &&
    now.token === seen.token &&
    now.channel === seen.channel
  );
}
