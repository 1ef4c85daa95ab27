import type { Config } from '../config/loadConfig.ts';
import { ownBillSource } from '../db/source/billSource.ts';
import { BillcastError } from '../errors.ts';
import { createFieldCiphers } from '../render/cipher/fieldCiphers.ts';
import { type SeedResult, seedSampleBills } from '../sample/seed.ts';
import type { OperationDeps } from './operationDeps.ts';

export interface SampleRequest {
  /** How many members to add, each with a bill to send. */
  readonly members: number;
  /** The same seed makes the same members. */
  readonly seed: number;
  /** First day of the billing month as `YYYY-MM-DD`; this month if it is missing. */
  readonly month?: string | undefined;
}

/**
 * Adds sample members and their bills, sealed with the current key; the bills are held.
 * @param onProgress called after each transaction with the members added so far
 * @throws BillcastError USAGE in production, or with another source
 */
export async function addSampleBills(
  { database, config }: Pick<OperationDeps, 'database' | 'config'>,
  { members, seed, month }: SampleRequest,
  onProgress?: (members: number) => void,
): Promise<SeedResult> {
  refuseInProduction(config);
  if (config.source.folder !== ownBillSource().folder) {
    throw new BillcastError('USAGE', 'sample bills go into our own tables: unset SOURCE_DIR first');
  }
  const ciphers = createFieldCiphers({ ...config.cipher, fallback: 'aes-256-gcm', fields: {} });
  return seedSampleBills({
    database,
    encrypt: ciphers.seal,
    members,
    seed,
    month: month ?? monthIn(config),
    onProgress,
  });
}

/** @throws BillcastError USAGE in production */
export function refuseInProduction({ production }: Pick<Config, 'production'>): void {
  if (production) {
    throw new BillcastError(
      'USAGE',
      'seed adds made-up members and bills; it is refused with NODE_ENV=production',
    );
  }
}

/** The first day of this month in the time zone of the bills. */
function monthIn({ timeZone }: Config): string {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit' });
  return `${today.format(new Date())}-01`;
}
