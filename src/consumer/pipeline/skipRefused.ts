import type { BillId } from '../../bill.ts';
import { nextChannel, refusedReason } from '../../channels.ts';
import { isolate, type PartOutcome } from '../../db/isolate.ts';
import { findRefusedAddresses } from '../../db/refusedAddresses.ts';
import { retryDelayMs } from '../../policy/retryPolicy.ts';
import type { Lane } from './lane.ts';
import type { PreparedBill, StageDeps } from './stage.ts';

/**
 * Does not try an address again that was refused for good in an earlier cycle of the bill, until it has
 * changed: the bill goes on by the next channel, or is FAILED after the last one. A bill in its first cycle
 * costs nothing here.
 * @returns the others
 */
export async function skipRefused(
  deps: StageDeps,
  lane: Lane,
  bills: readonly PreparedBill[],
): Promise<readonly PreparedBill[]> {
  const again = bills.filter(({ bill }) => bill.claim.cycle > 1);
  if (again.length === 0) return bills;
  const skipped = new Set<PreparedBill>();
  const run = async (part: readonly PreparedBill[]) => {
    const billIds = part.map(({ bill }) => bill.claim.billId);
    return { part, refused: await findRefusedAddresses(deps.database, lane.channel, billIds) };
  };
  for await (const outcome of isolate(again, { run, throttledLog: deps.throttledLog })) {
    for (const prepared of settleSkipped(deps, outcome)) skipped.add(prepared);
  }
  return skipped.size === 0 ? bills : bills.filter((bill) => !skipped.has(bill));
}

interface Asked {
  readonly part: readonly PreparedBill[];
  readonly refused: ReadonlyMap<BillId, readonly string[]>;
}

/** @returns the bills that leave the path here */
function settleSkipped(deps: StageDeps, outcome: PartOutcome<PreparedBill, Asked>): readonly PreparedBill[] {
  if (outcome.kind === 'done') {
    const { part, refused } = outcome.result;
    return part.filter((prepared) => isRefused(deps, prepared, refused));
  }
  const unclear = outcome.kind === 'stuck' ? outcome.items : [outcome.item];
  for (const prepared of unclear) retryLater(deps, prepared);
  return unclear;
}

/** Not sent rather than sent to an address that may have been refused. */
function retryLater({ settler }: StageDeps, { bill }: PreparedBill): void {
  const delayMs = retryDelayMs(bill.claim.attempts + 1, 0, Math.random());
  settler.settle(bill, { transition: 'notSent', reason: 'LOAD_STOPPED', delayMs });
}

function isRefused(
  { addressHasher, settler, throttledLog }: StageDeps,
  { bill, message }: PreparedBill,
  refused: ReadonlyMap<BillId, readonly string[]>,
): boolean {
  const { billId, channel } = bill.claim;
  const hashes = refused.get(billId) ?? [];
  if (!hashes.some((hash) => addressHasher.isOf(hash, channel, message.to))) return false;
  throttledLog.warn('address was refused for good before, it is not tried again', { billId, channel });
  const isLast = nextChannel(channel) === undefined;
  settler.settle(bill, {
    transition: isLast ? 'refusedBeforeForGood' : 'refusedBeforeToNext',
    reason: refusedReason(channel),
  });
  return true;
}
