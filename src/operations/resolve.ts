import { type StandingDoubt, selectDoubts } from '../db/reads/selectDoubts.ts';
import { moveSelected } from '../db/transitions/moveSelected.ts';
import { type DoubtVerdict, resolveAs } from '../db/transitions/resolveBills.ts';
import { firstChannel } from '../ladder.ts';
import {
  type BillSelection,
  type ChangeFacts,
  type ChangeRequest,
  requireCondition,
  requireReason,
} from './billSelection.ts';
import type { LadderDeps, OperationDeps } from './operationDeps.ts';
import { refuseInSafeMode } from './testSends/refuseInSafeMode.ts';

/** Bills in doubt that meet all given conditions. */
export interface DoubtSelection extends BillSelection {
  /** Bills that are in doubt since this time or later. */
  readonly doubtedFrom?: Date | undefined;
  /** Bills that were in doubt before this time. */
  readonly doubtedBefore?: Date | undefined;
}

/** Yields pages of bills in doubt, longest in doubt first. Without conditions, all of them. */
export function listDoubts(
  { database }: Pick<OperationDeps, 'database'>,
  selection: DoubtSelection,
): AsyncIterable<readonly StandingDoubt[]> {
  return selectDoubts(database, { ...selection, sendStatus: 'IN_DOUBT' });
}

export interface ResolveRequest extends ChangeRequest {
  readonly selection: DoubtSelection;
  readonly verdict: DoubtVerdict;
  /** How the person knows it, for the journal, without personal data. */
  readonly reason: string;
}

/** The result, in bills. */
export interface ResolveFacts extends Omit<ChangeFacts, 'monthClosed'> {
  readonly verdict: DoubtVerdict;
  readonly resolvable: number;
  readonly resolved: number;
  readonly notInDoubt: number;
}

/**
 * Settles bills in doubt by what a person knows about them.
 * @throws BillcastError USAGE for a selection without any condition, or without a reason
 */
export async function resolve(
  { config, database }: LadderDeps,
  { selection, verdict, actor, reason, dryRun, onProgress }: ResolveRequest,
): Promise<ResolveFacts> {
  if (verdict === 'resend') refuseInSafeMode(config, 'A resend');
  requireCondition(selection);
  requireReason({ reason, dryRun });
  const { selected, movable, moved, busy, notFound, firstBillIds } = await moveSelected(database, {
    selection: { ...selection, sendStatus: 'IN_DOUBT' },
    move: resolveAs(database, { verdict, first: firstChannel(config.ladder), actor, reason }),
    dryRun,
    onProgress,
  });
  return {
    dryRun,
    verdict,
    resolvable: movable,
    resolved: moved,
    notInDoubt: selected - movable,
    notFound,
    busy,
    firstBillIds,
  };
}
