import { existsSync } from 'node:fs';
import type { Database } from '../db/database.ts';
import { type Accounts, accountForBills, deliveredKeys } from '../db/facts.ts';
import { findRecordedBounces } from '../db/recordedBounces.ts';
import { BillcastError } from '../errors.ts';
import { readLedgerKeys } from '../send/ledger.ts';
import { createSecondAcceptances } from './secondAcceptances.ts';

/** The verifier's figures, in bills. */
export interface Verdict extends Omit<Accounts, 'orphaned' | 'abandoned' | 'withoutDeadLetter'> {
  /** DELIVERED without an acceptance, or in a state that nobody will ever move. */
  readonly lost: number;
  /** Bills with two acceptances in one cycle, unless the second channel followed a recorded bounce; null where there is no ledger to compare with. */
  readonly duplicated: number | null;
}

export interface VerifyOptions {
  readonly database: Database;
  /** The provider's acceptances, a line each; undefined where it keeps none for us to read. */
  readonly ledgerFile: string | undefined;
  /** Events published and not yet consumed, over all topics; or why that cannot be told. */
  readonly lag: { readonly events: number } | { readonly unknown: string };
  readonly orphanAfterMs: number;
  /** Silence after which a dispatcher's bills must have been taken back: its TTL and two sweeps. */
  readonly abandonedAfterMs: number;
}

/**
 * Accounts for every bill from the rows, and compares them with the provider's ledger where there is one.
 * @throws BillcastError KAFKA_FAILED if the lag is unknown and the verdict hangs on it
 */
export const verify = async (options: VerifyOptions): Promise<Verdict> => {
  const { database, ledgerFile, lag, ...limits } = options;
  const { orphaned, abandoned, withoutDeadLetter, ...accounts } = await accountForBills(database, limits);
  if ('unknown' in lag && orphaned > 0) {
    const message = `${orphaned} bills wait for events that cannot be found. ${lag.unknown}`;
    throw new BillcastError('KAFKA_FAILED', message);
  }
  const isDrained = 'events' in lag && lag.events === 0;
  const stuck = (isDrained ? orphaned : 0) + abandoned + withoutDeadLetter;
  if (ledgerFile === undefined || !existsSync(ledgerFile))
    return { ...accounts, lost: stuck, duplicated: null };
  const { unaccepted, duplicated } = await compareWithLedger(database, ledgerFile);
  return { ...accounts, lost: stuck + unaccepted, duplicated };
};

/**
 * The rows are read first: an acceptance is written before its row is, so what the rows say must be in a
 * ledger that is read later. Holds two keys a bill in memory, about 200 MB a million.
 */
const compareWithLedger = async (
  database: Database,
  ledgerFile: string,
): Promise<{ unaccepted: number; duplicated: number }> => {
  const unaccepted = new Set<string>();
  for await (const keys of deliveredKeys(database)) for (const key of keys) unaccepted.add(key);
  const seconds = createSecondAcceptances();
  for await (const key of readLedgerKeys(ledgerFile)) {
    unaccepted.delete(key);
    seconds.add(key);
  }
  const bounced = await findRecordedBounces(database, [...seconds.followed().keys()]);
  return { unaccepted: unaccepted.size, duplicated: seconds.duplicatedBills(bounced).size };
};
