import type { FoundRow } from '../db/source/searchWindow.ts';
import { searchStateOf } from '../operations/searchBills.ts';
import type { FoundBill } from './contract/searchContract.ts';

/** A bill that was found, in the form of the contract. */
export function foundBillOf(row: FoundRow): FoundBill {
  const { billId, month, channel, cycle, attempts, reason, changedAt } = row;
  return {
    billId,
    month,
    state: searchStateOf(row),
    channel,
    cycle,
    attempts,
    reason,
    changedAt: changedAt.toISOString(),
    dueAt: dueAtOf(row)?.toISOString() ?? null,
  };
}

function dueAtOf({ sendStatus, isWaiting, notBefore, retransmitAt }: FoundRow): Date | null {
  if (sendStatus === 'FAILED') return retransmitAt;
  return isWaiting || sendStatus === 'IN_DOUBT' ? notBefore : null;
}
