import { loadBills } from '../../db/loadBills.ts';
import type { ClaimedBill, LoadedBill } from '../carriedBill.ts';
import type { PipelineParts } from '../pipelineParts.ts';

/** Loads what the templates show, still encrypted and unparsed. */
export const load = async (
  { database }: PipelineParts,
  bills: readonly ClaimedBill[],
): Promise<LoadedBill[]> => {
  if (bills.length === 0) return [];
  const texts = await loadBills(
    database,
    bills.map(({ claim }) => claim),
  );
  return bills.map((bill) => ({ ...bill, ...(texts.get(bill.claim.billId) ?? nothing) }));
};

/** A bill without any row of its own: rendering says BILL_INCOMPLETE. */
const nothing = { text: 'null' };
