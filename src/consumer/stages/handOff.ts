import type { ClaimToken } from '../../bill.ts';
import { handOffBills } from '../../db/handOff.ts';
import { readClocks, type StartDeadline, startDeadlineFrom } from '../../send/startDeadline.ts';
import type { PreparedBill } from '../carriedBill.ts';
import type { Lane } from '../lane.ts';
import type { PipelineParts } from '../pipelineParts.ts';

/** A bill that is SENT by our token, with its slot at the provider taken. */
export interface HandedOffBill extends PreparedBill {
  readonly startDeadline: StartDeadline;
}

/**
 * Marks bills SENT before they are sent, as many at a time as the provider has slots for. A bill whose claim
 * was lost meanwhile is not sent. The start deadline counts from before the first try of the statement.
 */
export async function* handOff(
  parts: PipelineParts,
  lane: Lane,
  bills: readonly PreparedBill[],
): AsyncGenerator<HandedOffBill[]> {
  for (let next = 0; next < bills.length; ) {
    const slots = await lane.sending.take(bills.length - next);
    const group = bills.slice(next, next + slots);
    next += slots;
    const won = await handOffGroup(parts, group);
    lane.sending.release(group.length - won.length);
    yield won;
  }
}

const handOffGroup = async (
  parts: PipelineParts,
  group: readonly PreparedBill[],
): Promise<HandedOffBill[]> => {
  const startDeadline = startDeadlineFrom(readClocks(), parts.startDeadlineMs);
  const won = await handOffBills(
    parts.database,
    tokenOf(group),
    group.map(({ claim }) => claim),
  );
  const ours: HandedOffBill[] = [];
  for (const bill of group) {
    if (won.has(bill.claim.billId)) ours.push({ ...bill, startDeadline });
    else parts.settler.abandon(bill);
  }
  const lost = group.find(({ claim }) => !won.has(claim.billId));
  if (lost !== undefined)
    parts.tally.count(
      'claim was taken back before the hand-off',
      { billId: lost.claim.billId },
      group.length - ours.length,
    );
  return ours;
};

/** All bills of one batch were claimed by one token. */
const tokenOf = ([first]: readonly PreparedBill[]): ClaimToken => {
  if (first === undefined) throw new RangeError('a hand-off needs at least one bill');
  return first.claim.token;
};
