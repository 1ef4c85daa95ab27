import type { Database } from '../../db/database.ts';
import type { HeldBill } from '../../db/reads/heldPages.ts';
import { type BillLoader, type LoadedTexts, largestBillBytes } from '../../db/source/billLoader.ts';
import { unclaimed } from '../../db/source/unclaimed.ts';
import { faultKindOf } from '../../db/statementFault.ts';
import type { LoadedHeld } from './expectBills.ts';

export interface HeldTextDeps {
  readonly database: Database;
  readonly loadBills: BillLoader;
}

/** The size of a bill with some hundred items. Larger ones are loaded one by one. */
const ordinaryBytes = 32_768;

/** Loads bills as the path does, in parts that fit into memory. */
export async function* loadHeld(deps: HeldTextDeps, page: readonly HeldBill[]): AsyncGenerator<LoadedHeld[]> {
  const loaded = await loadWithin(deps, page, ordinaryBytes);
  yield loaded.filter((bill) => !isLarge(bill));
  for (const { held } of loaded.filter(isLarge)) yield loadWithin(deps, [held], largestBillBytes);
}

/** A bill that is too large to be shown at all is not loaded again, since it fails anyway. */
function isLarge({ loaded: { largeBytes = 0 } }: LoadedHeld): boolean {
  return largeBytes > 0 && largeBytes <= largestBillBytes;
}

/** If the database cannot handle the values of a bill, it loads as an empty one, as on the path. */
async function loadWithin(
  deps: HeldTextDeps,
  bills: readonly HeldBill[],
  mostBytes: number,
): Promise<LoadedHeld[]> {
  if (bills.length === 0) return [];
  try {
    const texts = await deps.loadBills(deps.database, bills.map(unclaimed), mostBytes);
    return bills.map((held) => ({ held, loaded: texts.get(held.billId) ?? nothing }));
  } catch (error) {
    if (faultKindOf(error) !== 'refused') throw error;
    if (bills.length === 1) return bills.map((held) => ({ held, loaded: nothing }));
    const half = bills.length >> 1;
    const before = await loadWithin(deps, bills.slice(0, half), mostBytes);
    return [...before, ...(await loadWithin(deps, bills.slice(half), mostBytes))];
  }
}

const nothing: LoadedTexts = { text: 'null' };
