import type { Claim } from '../../src/bill.ts';
import type { Database } from '../../src/db/database.ts';
import { largestBillBytes } from '../../src/db/source/billLoader.ts';
import { ownBillSource } from '../../src/db/source/billSource.ts';
import { createBillLoader } from '../../src/db/source/loadBills.ts';

const load = createBillLoader(ownBillSource());

/** Loads bills from the tables `member`, `bill` and `bill_item`. */
export function loadBills(database: Database, claims: readonly Claim[], mostBytes = largestBillBytes) {
  return load(database, claims, mostBytes);
}
