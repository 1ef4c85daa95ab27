import type { Channel } from '../../channels.ts';
import { isolate } from '../../db/isolate.ts';
import { findTurnedBack } from '../../db/reads/turnedBack.ts';
import type { ClaimedBill, Lane } from './lane.ts';
import type { StageDeps } from './stage.ts';

/** A bill whose member has no address for the channel. */
export interface Unaddressed {
  readonly bill: ClaimedBill;
  /** `unusable`: something is stored, but it is not an address. */
  readonly contact: 'none' | 'unusable';
  /** The channel by which the bill goes on. */
  readonly next: Channel;
}

/**
 * Turns bills to the next channel because there is no usable address for this one. The brake counts each.
 * If they become too many, the others stay on this channel until a person has looked.
 *
 * A bill that is retransmitted was counted when it turned in its first cycle, so it does not count again. A
 * bill that a person has turned back does.
 */
export async function turnToNext(deps: StageDeps, lane: Lane, bills: readonly Unaddressed[]): Promise<void> {
  const first = bills.filter(({ bill }) => bill.claim.cycle === 1);
  const again = bills.filter(({ bill }) => bill.claim.cycle > 1);
  for (const unaddressed of first) turn(deps, lane, { unaddressed, counts: true });
  const run = async (part: readonly Unaddressed[]) => {
    const billIds = part.map(({ bill }) => bill.claim.billId);
    return { part, turnedBack: await findTurnedBack(deps.database, billIds) };
  };
  for await (const outcome of isolate(again, { run, throttledLog: deps.throttledLog })) {
    if (outcome.kind === 'done') {
      const { part, turnedBack } = outcome.result;
      for (const unaddressed of part) {
        turn(deps, lane, { unaddressed, counts: turnedBack.has(unaddressed.bill.claim.billId) });
      }
      continue;
    }
    for (const unaddressed of outcome.kind === 'stuck' ? outcome.items : [outcome.item]) {
      turn(deps, lane, { unaddressed, counts: true });
    }
  }
}

function turn(
  { settler, log, throttledLog }: StageDeps,
  { brake }: Lane,
  { unaddressed, counts }: { readonly unaddressed: Unaddressed; readonly counts: boolean },
): void {
  const { bill, contact, next } = unaddressed;
  const { billId, channel } = bill.claim;
  if (counts && !brake.recordTurn()) {
    settler.settle(bill, { transition: 'held', delayMs: heldMs });
    return;
  }
  if (contact === 'unusable') {
    throttledLog.warn('stored address cannot be used, the next channel follows', { billId, channel, next });
  } else {
    log.debug({ billId, channel, next }, 'member has no address, the next channel follows');
  }
  settler.settle(bill, { transition: 'unaddressedToNext', reason: 'NO_CONTACT', next });
}

const heldMs = 1_000;
