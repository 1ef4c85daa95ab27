import type { BillAction } from '../db/billActions.ts';
import type { ActionRequest } from '../operations/actions/actionRequest.ts';
import type { Action } from './contract/actionsContract.ts';
import { toldOf } from './told/toldOf.ts';

const billsShown = 20;

/**
 * An action in the form of the contract. @param refusedBefore bills that were refused before; null if not
 * counted
 */
export function actionOf(action: BillAction, refusedBefore: number | null = null): Action {
  const { id, request, requestedAt, asOf, expiresAt, startedAt, finishedAt, eligible, notEligible } = action;
  const { state, requestedBy, selected, sample, reason, startedBy, perSecond } = action;
  const { moved, skipped, stoppedBy, problem } = action;
  const asked = request as ActionRequest;
  return {
    actionId: id,
    kind: asked.kind,
    state,
    request: shortened(asked),
    requestedBy,
    requestedAt: requestedAt.toISOString(),
    asOf: asOf?.toISOString() ?? null,
    expiresAt: expiresAt.toISOString(),
    selected,
    count: eligible,
    refusedBefore,
    notEligible: Object.entries(notEligible).map(([why, count]) => ({ reason: why, count })),
    sample: [...sample],
    reason,
    startedBy,
    startedAt: startedAt?.toISOString() ?? null,
    ratePerSecond: perSecond,
    moved,
    skipped,
    stoppedBy,
    finishedAt: finishedAt?.toISOString() ?? null,
    problem,
    problemTold: toldOf(problem),
  };
}

/** Without long lists of ids, which nobody reads. */
function shortened(request: ActionRequest): Record<string, unknown> {
  if (request.kind === 'bounce') {
    const billIds = request.bounces.slice(0, billsShown).map(({ billId }) => billId);
    return { kind: request.kind, billIds, billCount: request.bounces.length };
  }
  const { billIds } = request.selection;
  if (billIds === undefined) return { ...request };
  const selection = { ...request.selection, billIds: billIds.slice(0, billsShown) };
  return { ...request, selection, billCount: billIds.length };
}
