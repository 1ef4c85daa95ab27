import { v4 as newId } from 'uuid';
import { createBillAction } from '../../db/billActions.ts';
import { checkReplacement } from '../checkReplacement.ts';
import { requireReasonCode } from '../explain/requireReasonCode.ts';
import type { OperationDeps } from '../operationDeps.ts';
import { refuseInSafeMode } from '../testSends/refuseInSafeMode.ts';
import type { ActionRequest } from './actionRequest.ts';
import { collectAction } from './collectAction.ts';

/** How long after its creation an action may be started. */
const lifeMs = 30 * 60_000;

/**
 * Makes an action and begins to look at its bills.
 * @returns its id, and a promise that resolves when all bills were looked at
 * @throws BillcastError USAGE for a replacement that is not possible, or a reason that no bill can have
 */
export async function createAction(
  deps: Pick<OperationDeps, 'config' | 'database' | 'log'>,
  { request, requestedBy }: { readonly request: ActionRequest; readonly requestedBy: string },
): Promise<{ readonly id: string; readonly collected: Promise<void> }> {
  if (request.kind !== 'cancel') refuseInSafeMode(deps.config, 'Such an action');
  if ('selection' in request) requireReasonCode(deps.config, request.selection.reason);
  if (request.kind === 'cancel' && request.replacedBy !== undefined) {
    await checkReplacement(deps.database, request.replacedBy, request.selection.billIds);
  }
  const id = newId();
  await createBillAction(deps.database, { id, kind: request.kind, request, requestedBy, lifeMs });
  return { id, collected: collectAction(deps, { id, request }) };
}
