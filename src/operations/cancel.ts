import type { BillId } from '../bill.ts';
import { cancelAs, replacedBy } from '../db/transitions/cancelBills.ts';
import { moveSelected } from '../db/transitions/moveSelected.ts';
import {
  type BillSelection,
  type ChangeFacts,
  type ChangeRequest,
  requireCondition,
} from './billSelection.ts';
import { checkReplacement } from './checkReplacement.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface CancelRequest extends ChangeRequest {
  readonly selection: Omit<BillSelection, 'reason'>;
  /** The reason for the journal, without personal data. */
  readonly reason?: string | undefined;
  /** The corrected bill that is sent instead of the one bill that is cancelled. */
  readonly replacement?: BillId | undefined;
}

/** The result, in bills. */
export interface CancelFacts extends ChangeFacts {
  readonly cancellable: number;
  readonly cancelled: number;
  /** Bills that are handed to a provider already. */
  readonly tooLate: number;
  /** Bills that were cancelled before. */
  readonly already: number;
}

/**
 * Cancels bills that are not handed to a provider yet, for good.
 * @throws BillcastError USAGE for a selection without any condition, and for a replacement that is unknown,
 * is the bill itself, or would replace more than one bill
 */
export async function cancel(
  { database }: Pick<OperationDeps, 'database'>,
  { selection, actor, reason, replacement, dryRun, onProgress }: CancelRequest,
): Promise<CancelFacts> {
  requireCondition(selection);
  if (replacement !== undefined) await checkReplacement(database, replacement, selection.billIds);
  const { movable, moved, busy, notFound, monthClosed, left, firstBillIds } = await moveSelected(database, {
    selection,
    move: cancelAs(database, {
      actor,
      reason: replacement === undefined ? reason : replacedBy(replacement, reason),
    }),
    dryRun,
    onProgress,
  });
  return {
    dryRun,
    cancellable: movable,
    cancelled: moved,
    tooLate: (left.SENT ?? 0) + (left.IN_DOUBT ?? 0) + (left.DELIVERED ?? 0),
    already: left.CANCELLED ?? 0,
    notFound,
    busy,
    monthClosed,
    firstBillIds,
  };
}
