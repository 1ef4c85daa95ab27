import type { BillId, SendStatus } from '../bill.ts';
import { moveSelected } from '../db/transitions/moveSelected.ts';
import { resendAs } from '../db/transitions/resendBills.ts';
import { firstChannel } from '../ladder.ts';
import { type ChangeFacts, type ChangeRequest, requireCondition, requireReason } from './billSelection.ts';
import type { LadderDeps } from './operationDeps.ts';
import { refuseInSafeMode } from './testSends/refuseInSafeMode.ts';

export interface ResendRequest extends ChangeRequest {
  readonly selection: { readonly billIds: readonly BillId[] | undefined };
  /** The reason for the journal, without personal data. */
  readonly reason: string;
}

/** The result, in bills. */
export interface ResendFacts extends ChangeFacts {
  readonly resendable: number;
  readonly resent: number;
  readonly notDelivered: number;
  /** The bills that are not delivered, by state. */
  readonly left: Readonly<Partial<Record<SendStatus, number>>>;
}

/**
 * Sends delivered bills again, in their next cycle, by the first channel.
 * @throws BillcastError USAGE without bills or without a reason
 */
export async function resend(
  { config, database }: LadderDeps,
  { selection, actor, reason, dryRun, onProgress }: ResendRequest,
): Promise<ResendFacts> {
  refuseInSafeMode(config, 'A resend');
  requireCondition(selection);
  requireReason({ reason, dryRun });
  const report = await moveSelected(database, {
    selection,
    move: resendAs(database, { actor, reason, first: firstChannel(config.ladder) }),
    dryRun,
    onProgress,
  });
  const { selected, movable, moved, busy, notFound, monthClosed, left, firstBillIds } = report;
  return {
    dryRun,
    resendable: movable,
    resent: moved,
    notDelivered: selected - movable - monthClosed,
    left,
    notFound,
    busy,
    monthClosed,
    firstBillIds,
  };
}
