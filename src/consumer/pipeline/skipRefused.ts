import type { BillId } from '../../bill.ts';
import { isolate } from '../../db/isolate.ts';
import { findRefusedAddresses } from '../../db/refusedAddresses.ts';
import { retryDelayMs } from '../../policy/retryPolicy.ts';
import type { PreparedBill } from './claimedBill.ts';
import type { Lane } from './lane.ts';
import type { PipelineDeps } from './pipelineDeps.ts';

/**
 * Asks no address again that was refused for good in an earlier cycle of the bill, until it has changed: an e-mail turns
 * to SMS, an SMS is FAILED for a person. A bill in its first cycle costs nothing here.
 * @returns the others
 */
export async function skipRefused(
  deps: PipelineDeps,
  lane: Lane,
  bills: readonly PreparedBill[],
): Promise<readonly PreparedBill[]> {
  const again = bills.filter(({ claim }) => claim.cycle > 1);
  if (again.length === 0) return bills;
  const skipped = new Set<PreparedBill>();
  const run = async (part: readonly PreparedBill[]) => {
    const billIds = part.map(({ claim }) => claim.billId);
    return { part, refused: await findRefusedAddresses(deps.database, lane.channel, billIds) };
  };
  for await (const outcome of isolate(again, { run, throttledLog: deps.throttledLog })) {
    if (outcome.kind === 'done') {
      const { part, refused } = outcome.result;
      for (const bill of part) if (isRefused(deps, bill, refused)) skipped.add(bill);
      continue;
    }
    // Not sent rather than sent to an address that may have been refused.
    for (const bill of outcome.kind === 'stuck' ? outcome.items : [outcome.item]) {
      skipped.add(bill);
      const delayMs = retryDelayMs(bill.claim.attempts + 1, 0, Math.random());
      deps.settler.settle(bill, { transition: 'notSent', reason: 'LOAD_STOPPED', delayMs });
    }
  }
  return skipped.size === 0 ? bills : bills.filter((bill) => !skipped.has(bill));
}

function isRefused(
  { addressHasher, settler, throttledLog }: PipelineDeps,
  { record, claim, message }: PreparedBill,
  refused: ReadonlyMap<BillId, readonly string[]>,
): boolean {
  const { billId, channel } = claim;
  const hashes = refused.get(billId) ?? [];
  if (!hashes.some((hash) => addressHasher.isOf(hash, channel, message.to))) return false;
  throttledLog.warn('address was refused for good before, it is not asked again', { billId, channel });
  settler.settle(
    { record, claim },
    channel === 'EMAIL'
      ? { transition: 'refusedBeforeToNext', reason: 'EMAIL_REFUSED' }
      : { transition: 'refusedBeforeForGood', reason: 'SMS_REFUSED' },
  );
  return true;
}
