import { Ledger, readLedgerKeys } from '../../src/providers/simulated/ledger.ts';
import type { Submission } from './submission.ts';

/**
 * What the gateway has accepted, and how often each key came. Only the ledger survives a restart, not the
 * counts.
 */
export interface Acceptances {
  /** Counts a request with this key. @returns its number, from 1 */
  attempt(key: string): number;
  has(key: string): boolean;
  /** When it was accepted; undefined if it was not. */
  acceptedAt(key: string): Date | undefined;
  /** Writes the acceptance. @throws if it is certainly not in the ledger */
  accept(submission: Omit<Submission, 'sendBefore'>): Promise<void>;
  close(): void;
}

/** Starts with what an earlier run left in the ledger. */
export async function openAcceptances(ledgerFile: string): Promise<Acceptances> {
  const ledger = new Ledger(ledgerFile);
  const attempts = new Map<string, number>();
  const accepted = new Map<string, Date>();
  const longAgo = new Date(0);
  for await (const key of readLedgerKeys(ledgerFile)) accepted.set(key, longAgo);

  return {
    attempt(key) {
      const number = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, number);
      return number;
    },
    has: (key) => accepted.has(key),
    acceptedAt: (key) => accepted.get(key),
    async accept({ key, billId, channel, cycle }) {
      await ledger.append({ key, billId, channel, cycle });
      accepted.set(key, new Date());
    },
    close: () => ledger.close(),
  };
}
