import { v4 as newId } from 'uuid';
import { createBillAction } from '../../db/billActions.ts';
import { findBill } from '../../db/reads/findBill.ts';
import { BillcastError } from '../../errors.ts';
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
  await checkReplacement(deps, request);
  const id = newId();
  await createBillAction(deps.database, { id, kind: request.kind, request, requestedBy, lifeMs });
  return { id, collected: collectAction(deps, { id, request }) };
}

/** A cancelled bill is never sent, so its replacement must be one that somebody gets. */
async function checkReplacement(
  { database }: Pick<OperationDeps, 'database'>,
  request: ActionRequest,
): Promise<void> {
  if (request.kind !== 'cancel' || request.replacedBy === undefined) return;
  const { billIds = [] } = request.selection;
  if (billIds.length !== 1) throw new BillcastError('USAGE', 'a replacement is for exactly one bill');
  if (billIds[0] === request.replacedBy) throw new BillcastError('USAGE', 'a bill cannot replace itself');
  if ((await findBill(database, request.replacedBy)) === undefined) {
    throw new BillcastError('USAGE', 'the replacement is unknown: check its number');
  }
}
