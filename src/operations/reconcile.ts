import { statSync } from 'node:fs';
import type { Database } from '../db/database.ts';
import { type Accounts, accountForBills } from '../db/reads/accounts.ts';
import { BillcastError } from '../errors.ts';
import { counted } from '../lib/counted.ts';
import { compareWithLedgers } from './compareWithLedgers.ts';

/** The figures of `verify`, in bills. */
export interface Verdict extends Omit<Accounts, 'orphaned' | 'abandoned' | 'withoutDeadLetter'> {
  /** Bills that are DELIVERED without an acceptance, or in a state that nothing will ever change. */
  readonly lost: number;
  /**
   * Bills that were accepted twice in one cycle, unless the second channel followed a recorded bounce; null
   * without a ledger.
   */
  readonly duplicated: number | null;
  /** Messages of rehearsals and to seed addresses in the ledgers; null without a ledger. */
  readonly testMessages: number | null;
}

export interface ReconcileRequest {
  /** First day of a billing month as `YYYY-MM-DD`: only its bills are counted. If missing, all bills. */
  readonly month?: string | undefined;
  /**
   * Files with what the providers accepted, one acceptance per line; empty if there is none that we can read.
   */
  readonly ledgerFiles: readonly string[];
  /** Events that are published and not consumed yet, over all topics; or why that is not known. */
  readonly lag: { readonly events: number } | { readonly unknown: string };
  readonly orphanAfterMs: number;
  /** After so long a silence, a dispatcher's bills must have been taken back: its TTL and two sweeps. */
  readonly abandonedAfterMs: number;
  /** @param bills how many were compared with the ledgers so far */
  readonly onProgress?: ((bills: number) => void) | undefined;
}

/**
 * Accounts for every bill from the rows, and compares them with the providers' ledgers if there are any.
 * @throws BillcastError KAFKA_FAILED if the lag is unknown and the verdict depends on it; LEDGER_FAILED if
 * a ledger does not exist
 */
export async function reconcile(database: Database, request: ReconcileRequest): Promise<Verdict> {
  const { ledgerFiles, lag, onProgress, ...limits } = request;
  for (const file of ledgerFiles) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) throw new BillcastError('LEDGER_FAILED', `the ledger ${file} does not exist`);
    if (found.isDirectory()) throw new BillcastError('LEDGER_FAILED', `the ledger ${file} is a folder`);
  }
  const { orphaned, abandoned, withoutDeadLetter, ...accounts } = await accountForBills(database, limits);
  if ('unknown' in lag && orphaned > 0) {
    const wait = orphaned === 1 ? 'waits' : 'wait';
    const message = `${counted(orphaned, 'bill')} ${wait} for events that cannot be found. ${lag.unknown}`;
    throw new BillcastError('KAFKA_FAILED', message);
  }
  const isDrained = 'events' in lag && lag.events === 0;
  const stuck = (isDrained ? orphaned : 0) + abandoned + withoutDeadLetter;
  if (ledgerFiles.length === 0) return { ...accounts, lost: stuck, duplicated: null, testMessages: null };
  const { unaccepted, duplicated, testMessages } = await compareWithLedgers(database, {
    ledgerFiles,
    month: request.month,
    onProgress,
  });
  return { ...accounts, lost: stuck + unaccepted, duplicated, testMessages };
}
