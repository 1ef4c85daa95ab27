import { type BillId, isTestKey } from '../bill.ts';
import type { Database } from '../db/database.ts';
import {
  type BillRange,
  readBillRanges,
  readDatabaseClock,
  readDeliveredBills,
} from '../db/reads/deliveredBills.ts';
import { findRecordedBounces } from '../db/reads/recordedBounces.ts';
import { cutLedgers, type LedgerParts } from './ledgerParts.ts';
import { createSecondAcceptances } from './secondAcceptances.ts';

/** The result, in bills. */
export interface Comparison {
  /** Bills that are DELIVERED, and in no ledger. */
  readonly unaccepted: number;
  readonly duplicated: number;
  /** Messages of rehearsals and to seed addresses: they belong to no bill. */
  readonly testMessages: number;
}

export interface ComparisonRequest {
  readonly ledgerFiles: readonly string[];
  /**
   * First day of a billing month as `YYYY-MM-DD`: only its bills are compared, even if the ledgers hold
   * others.
   */
  readonly month?: string | undefined;
  /** How many bills are in memory at a time. The default takes about 30 MB. */
  readonly billsPerRange?: number;
  /** Called after each range. @param bills how many were compared so far */
  readonly onProgress?: ((bills: number) => void) | undefined;
}

/**
 * Compares the rows with the providers' ledgers, one range of bill ids at a time, so that memory does not
 * grow with the number of bills. It needs room for a copy of the keys in the temporary folder.
 */
export async function compareWithLedgers(
  database: Database,
  { ledgerFiles, month, billsPerRange = 100_000, onProgress }: ComparisonRequest,
): Promise<Comparison> {
  // An acceptance is written before its row, so rows older than this moment must be in the ledgers.
  const until = await readDatabaseClock(database);
  const ranges = await Array.fromAsync(readBillRanges(database, { month, bills: billsPerRange }));
  if (ranges.length === 0) {
    if (month !== undefined) {
      return { unaccepted: 0, duplicated: 0, testMessages: 0 };
    }
    ranges.push(emptyRange);
  }
  const parts = await cutLedgers(
    ledgerFiles,
    ranges.map(({ through }) => through),
  );
  try {
    return await compareParts(database, { ranges, parts, until, onProgress });
  } finally {
    parts.remove();
  }
}

/** Used if there is no bill: a ledger may still hold an acceptance twice. */
const emptyRange: BillRange = { after: '0' as BillId, through: '0' as BillId };

interface CutLedgers extends Pick<ComparisonRequest, 'onProgress'> {
  readonly ranges: readonly BillRange[];
  readonly parts: LedgerParts;
  readonly until: string;
}

async function compareParts(
  database: Database,
  { ranges, parts, until, onProgress }: CutLedgers,
): Promise<Comparison> {
  let compared = 0;
  const total = { unaccepted: 0, duplicated: 0, testMessages: 0 };
  for (const [index, range] of ranges.entries()) {
    const bills = await readDeliveredBills(database, range, until);
    const ofMonth =
      range.month === undefined ? undefined : new Set<string>(bills.map(({ billId }) => billId));
    const unaccepted = new Set(bills.flatMap(({ deliveredKey }) => deliveredKey ?? []));
    const seconds = createSecondAcceptances();
    for (const key of parts.keysOf(index)) {
      unaccepted.delete(key);
      if (isTestKey(key)) {
        total.testMessages++;
      } else if (ofMonth === undefined || ofMonth.has(key.slice(0, key.indexOf(':')))) {
        seconds.add(key);
      }
    }
    const bounced = await findRecordedBounces(database, seconds.undecided());
    total.unaccepted += unaccepted.size;
    total.duplicated += seconds.duplicatedBills(bounced).size;
    compared += bills.length;
    onProgress?.(compared);
  }
  return total;
}
