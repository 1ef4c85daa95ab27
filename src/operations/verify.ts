import { existsSync } from 'node:fs';
import type { Config } from '../config/loadConfig.ts';
import { missingText } from '../kafka/groupOffsets.ts';
import { readConsumerLag } from './consumerLag.ts';
import { isSimulated } from './isSimulated.ts';
import type { OperationDeps } from './operationDeps.ts';
import { reconcile, type Verdict } from './reconcile.ts';

export interface VerifyRequest {
  /** First day of a billing month as `YYYY-MM-DD`; all bills if it is missing. */
  readonly month?: string | undefined;
  /** Files with what the providers accepted. Default: the simulated providers' own ledger. */
  readonly ledgerFiles?: readonly string[] | undefined;
  /** @param bills how many were compared with the ledgers so far */
  readonly onProgress?: ((bills: number) => void) | undefined;
}

/**
 * Accounts for every bill, and compares with the ledgers.
 * @throws BillcastError KAFKA_FAILED or LEDGER_FAILED if a fact that the verdict needs cannot be read
 */
export async function verify(
  deps: Pick<OperationDeps, 'config' | 'database' | 'kafka'>,
  { month, ledgerFiles, onProgress }: VerifyRequest = {},
): Promise<Verdict> {
  const { config, database } = deps;
  const { events, missingTopics } = await readConsumerLag(deps);
  return reconcile(database, {
    month,
    ledgerFiles: ledgerFiles ?? ownLedgerFiles(config),
    lag: missingTopics.length === 0 ? { events } : { unknown: missingText(missingTopics) },
    orphanAfterMs: config.sweep.orphanAfterMs,
    abandonedAfterMs: config.claimTtlMs + 2 * config.sweep.intervalMs,
    onProgress,
  });
}

/**
 * The simulated ledger, if all providers are simulated: one of an earlier run says nothing about another
 * provider.
 */
function ownLedgerFiles(config: Config): string[] {
  const { ledgerFile } = config.providerSettings.simulated;
  return isSimulated(config) && existsSync(ledgerFile) ? [ledgerFile] : [];
}
