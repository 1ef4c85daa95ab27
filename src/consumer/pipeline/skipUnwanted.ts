import type { BillId } from '../../bill.ts';
import { refusedReason, suppressedReason } from '../../channels.ts';
import { isolate, type PartOutcome } from '../../db/isolate.ts';
import { findUnwantedAddresses, type UnwantedAddress } from '../../db/unwantedAddresses.ts';
import { nextChannel } from '../../ladder.ts';
import { retryDelayMs } from '../../policy/retryPolicy.ts';
import type { Lane } from './lane.ts';
import type { PreparedBill, StageDeps } from './stage.ts';

/**
 * Skips addresses that were refused for good in an earlier cycle of the bill, or that are on the suppression
 * list, until they change. The bill goes on by the next channel, or is FAILED after the last one. A bill in
 * its first cycle costs only a look into the book, and nothing if the book is empty.
 * @returns the others
 */
export async function skipUnwanted(
  deps: StageDeps,
  lane: Lane,
  bills: readonly PreparedBill[],
): Promise<readonly PreparedBill[]> {
  const suspects = suspectsOf(deps, lane, bills);
  if (suspects.length === 0) return bills;
  const skipped = new Set<PreparedBill>();
  const run = async (part: readonly PreparedBill[]) => {
    const claims = part.map(({ bill }) => bill.claim);
    return { part, unwanted: await findUnwantedAddresses(deps.database, lane.channel, claims) };
  };
  for await (const outcome of isolate(suspects, { run, throttledLog: deps.throttledLog })) {
    for (const prepared of settleSkipped(deps, outcome)) skipped.add(prepared);
  }
  return skipped.size === 0 ? bills : bills.filter((bill) => !skipped.has(bill));
}

function suspectsOf(
  { suppressionBook: book }: StageDeps,
  { channel }: Lane,
  bills: readonly PreparedBill[],
): readonly PreparedBill[] {
  return book.isEmpty(channel)
    ? bills.filter(({ bill }) => bill.claim.cycle > 1)
    : bills.filter(({ bill: { claim } }) => claim.cycle > 1 || book.has(channel, claim.memberId));
}

interface Asked {
  readonly part: readonly PreparedBill[];
  readonly unwanted: Unwanted;
}

type Unwanted = ReadonlyMap<BillId, readonly UnwantedAddress[]>;

/** @returns the bills that leave the path here */
function settleSkipped(deps: StageDeps, outcome: PartOutcome<PreparedBill, Asked>): readonly PreparedBill[] {
  if (outcome.kind === 'done') {
    const { part, unwanted } = outcome.result;
    return part.filter((prepared) => isUnwanted(deps, prepared, unwanted));
  }
  const unclear = outcome.kind === 'stuck' ? outcome.items : [outcome.item];
  for (const prepared of unclear) retryLater(deps, prepared);
  return unclear;
}

/** It cannot be known whether the address was refused, so it is not sent to now. */
function retryLater({ settler }: StageDeps, { bill }: PreparedBill): void {
  const delayMs = retryDelayMs(bill.claim.attempts + 1, 0, Math.random());
  settler.settle(bill, { transition: 'notSent', reason: 'LOAD_STOPPED', delayMs });
}

function isUnwanted(
  { addressHasher, decisions, settler, throttledLog }: StageDeps,
  { bill, message }: PreparedBill,
  unwanted: Unwanted,
): boolean {
  const { billId, channel } = bill.claim;
  const known = unwanted.get(billId) ?? [];
  const found = known.find(({ hash }) => addressHasher.isOf(hash, channel, message.to));
  if (found === undefined) return false;
  const { why } = found;
  throttledLog.warn('address was refused or came back before, it is not tried', { billId, channel, why });
  const reason = why === 'refused' ? refusedReason(channel) : suppressedReason(channel);
  const next = nextChannel(decisions.ladder, bill.claim, 'refused');
  settler.settle(
    bill,
    next === undefined
      ? { transition: 'refusedBeforeForGood', reason }
      : { transition: 'refusedBeforeToNext', reason, next },
  );
  return true;
}
