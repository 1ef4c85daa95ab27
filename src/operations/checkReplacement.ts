import type { BillId } from '../bill.ts';
import type { Database } from '../db/database.ts';
import { findBill } from '../db/reads/findBill.ts';
import { BillcastError } from '../errors.ts';

/**
 * A cancelled bill is never sent, so its replacement must be one that somebody gets.
 * @throws BillcastError USAGE if it is unknown, is the bill itself, or would replace more than one bill
 */
export async function checkReplacement(
  database: Database,
  replacement: BillId,
  billIds: readonly BillId[] = [],
): Promise<void> {
  if (billIds.length !== 1) throw new BillcastError('USAGE', 'a replacement is for exactly one bill');
  if (billIds[0] === replacement) throw new BillcastError('USAGE', 'a bill cannot replace itself');
  if ((await findBill(database, replacement)) === undefined) {
    throw new BillcastError(
      'USAGE',
      `billcast does not know bill ${replacement}, so nothing was cancelled: check the number of ` +
        'the replacement',
    );
  }
}
