import { existsSync } from 'node:fs';
import type { Database } from '../db/database.ts';
import { type Accounts, accountForBills } from '../db/reads/statusFacts.ts';
import { BillcastError } from '../errors.ts';
import { compareWithLedgers } from './compareWithLedgers.ts';

/** The verifier's figures, in bills. */
export interface Verdict extends Omit<Accounts, 'orphaned' | 'abandoned' | 'withoutDeadLetter'> {
  /** DELIVERED without an acceptance, or in a state that nobody will ever move. */
  readonly lost: number;
  /** Bills with two acceptances in one cycle, unless the second channel followed a recorded bounce; null where there is no ledger to compare with. */
  readonly duplicated: number | null;
}

export interface VerifyOptions {
  readonly database: Database;
  /** First day of a billing month as `YYYY-MM-DD`: its bills only; all bills if it is missing. */
  readonly month?: string | undefined;
  /** What the providers accepted, one acceptance per line; none if they keep no ledger for us to read. */
  readonly ledgerFiles: readonly string[];
  /** Events published and not yet consumed, over all topics; or why that cannot be told. */
  readonly lag: { readonly events: number } | { readonly unknown: string };
  readonly orphanAfterMs: number;
  /** Silence after which a dispatcher's bills must have been taken back: its TTL and two sweeps. */
  readonly abandonedAfterMs: number;
}

/**
 * Accounts for every bill from the rows, and compares them with the providers' ledgers if there are any.
 * @throws BillcastError KAFKA_FAILED if the lag is unknown and the verdict hangs on it; LEDGER_FAILED if a ledger does
 * not exist
 */
export async function verify(options: VerifyOptions): Promise<Verdict> {
  const { database, ledgerFiles, lag, ...limits } = options;
  for (const file of ledgerFiles) {
    if (!existsSync(file)) throw new BillcastError('LEDGER_FAILED', `the ledger ${file} does not exist`);
  }
  const { orphaned, abandoned, withoutDeadLetter, ...accounts } = await accountForBills(database, limits);
  if ('unknown' in lag && orphaned > 0) {
    const message = `${orphaned} bills wait for events that cannot be found. ${lag.unknown}`;
    throw new BillcastError('KAFKA_FAILED', message);
  }
  const isDrained = 'events' in lag && lag.events === 0;
  const stuck = (isDrained ? orphaned : 0) + abandoned + withoutDeadLetter;
  if (ledgerFiles.length === 0) return { ...accounts, lost: stuck, duplicated: null };
  const { unaccepted, duplicated } = await compareWithLedgers(database, {
    ledgerFiles,
    month: options.month,
  });
  return { ...accounts, lost: stuck + unaccepted, duplicated };
}
