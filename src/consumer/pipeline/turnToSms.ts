import { isolate } from '../../db/isolate.ts';
import { findTurnedBack } from '../../db/reads/turnedBack.ts';
import type { ClaimedBill, Lane } from './lane.ts';
import type { StageDeps } from './stage.ts';

/** An e-mail without an address that it could go to. */
export interface Unaddressed {
  readonly bill: ClaimedBill;
  /** `unusable`: something is stored, and no e-mail address can be read in it. */
  readonly contact: 'none' | 'unusable';
}

/**
 * Turns e-mails to SMS because there is no usable address. The brake counts each, and keeps the others from
 * it once they are too many: they stay e-mails until a person has looked.
 *
 * A bill that is retransmitted turned to SMS in its first cycle already and was counted then: a wave of those
 * says nothing new. A bill that a person has turned back to e-mail counts again.
 */
export async function turnToSms(deps: StageDeps, lane: Lane, bills: readonly Unaddressed[]): Promise<void> {
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
  const { bill, contact } = unaddressed;
  const { billId } = bill.claim;
  if (counts && !brake.recordTurn()) {
    settler.settle(bill, { transition: 'held', delayMs: heldMs });
    return;
  }
  if (contact === 'unusable') {
    throttledLog.warn('stored e-mail address cannot be used, SMS comes next', { billId });
  } else {
    log.debug({ billId }, 'member has no e-mail address, SMS comes next');
  }
  settler.settle(bill, { transition: 'unaddressedToNext', reason: 'NO_CONTACT' });
}

const heldMs = 1_000;
