import { isolate } from '../../db/isolate.ts';
import { findTurnedBack } from '../../db/reads/turnedBack.ts';
import type { ClaimedBill } from './claimedBill.ts';
import type { Lane } from './lane.ts';
import type { PipelineDeps } from './pipelineDeps.ts';

/** An e-mail without an address that it could go to. */
export interface Unaddressed extends ClaimedBill {
  /** `unusable`: something is stored, and no e-mail address can be read in it. */
  readonly contact: 'none' | 'unusable';
}

/**
 * Turns e-mails to SMS because there is no usable address. The brake counts each, and keeps the others from it once they
 * are too many: they stay e-mails until a person has looked.
 *
 * A bill that is sent again by itself had turned to SMS in its first cycle and was counted then: a wave of those says
 * nothing new. What a person has turned back to e-mail counts again.
 */
export async function turnToSms(
  deps: PipelineDeps,
  lane: Lane,
  bills: readonly Unaddressed[],
): Promise<void> {
  const first = bills.filter(({ claim }) => claim.cycle === 1);
  const again = bills.filter(({ claim }) => claim.cycle > 1);
  for (const bill of first) turn(deps, lane, { bill, counts: true });
  const run = async (part: readonly Unaddressed[]) => {
    const billIds = part.map(({ claim }) => claim.billId);
    return { part, turnedBack: await findTurnedBack(deps.database, billIds) };
  };
  for await (const outcome of isolate(again, { run, throttledLog: deps.throttledLog })) {
    if (outcome.kind === 'done') {
      const { part, turnedBack } = outcome.result;
      for (const bill of part) turn(deps, lane, { bill, counts: turnedBack.has(bill.claim.billId) });
      continue;
    }
    for (const bill of outcome.kind === 'stuck' ? outcome.items : [outcome.item]) {
      turn(deps, lane, { bill, counts: true });
    }
  }
}

function turn(
  { settler, log, throttledLog }: PipelineDeps,
  { brake }: Lane,
  { bill, counts }: { readonly bill: Unaddressed; readonly counts: boolean },
): void {
  const { record, claim, contact } = bill;
  const { billId } = claim;
  if (counts && !brake.turned()) {
    settler.settle({ record, claim }, { transition: 'held', delayMs: heldMs });
    return;
  }
  if (contact === 'unusable') {
    throttledLog.warn('stored e-mail address cannot be used, SMS comes next', { billId });
  } else {
    log.debug({ billId }, 'member has no e-mail address, SMS comes next');
  }
  settler.settle({ record, claim }, { transition: 'unaddressedToNext', reason: 'NO_CONTACT' });
}

const heldMs = 1_000;
