import type { BillAction } from '../../db/billActions.ts';
import { countRefusedOfAction } from '../../db/unwantedAddresses.ts';
import type { OperationDeps } from '../operationDeps.ts';
import type { ActionRequest } from './actionRequest.ts';

/** More bills are not counted, since the page asks every second. */
const mostCounted = 10_000;

/**
 * How many bills of a retry have an address that was refused for good.
 * @returns null if the action is no retry that waits for its start, or has more than 10,000 bills
 */
export async function refusedBeforeStart(
  { database }: Pick<OperationDeps, 'database'>,
  { id, state, request, eligible }: BillAction,
): Promise<number | null> {
  const { kind } = request as ActionRequest;
  if (kind !== 'retry' || state !== 'READY' || eligible > mostCounted) return null;
  return await countRefusedOfAction(database, id);
}
