import type { BillId, ClaimToken, FailureReason } from '../../bill.ts';
import { handOffBills } from '../../db/handOff.ts';
import { isolate } from '../../db/isolate.ts';
import type { Decision } from '../../send/decide.ts';
import { retryDelayMs } from '../../send/retryPolicy.ts';
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
 * was lost meanwhile is not sent, nor is one whose hand-off may be forgotten or was stopped: it waits its turn again.
 * The start deadline counts from before the first try of the statement.
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
    for await (const won of handOffGroup(parts, lane, group)) yield won;
  }
}

/** What was handed off of a group, as it comes; the slots of the others are free again. */
async function* handOffGroup(
  parts: PipelineParts,
  lane: Lane,
  group: readonly PreparedBill[],
): AsyncGenerator<HandedOffBill[]> {
  const startDeadline = startDeadlineFrom(readClocks(), parts.startDeadlineMs);
  const run = async (part: readonly PreparedBill[]) => ({
    part,
    handOff: await handOffBills(
      parts.database,
      tokenOf(part),
      part.map(({ claim }) => claim),
    ),
  });
  for await (const outcome of isolate(group, { run, tally: parts.tally })) {
    if (outcome.kind === 'done') {
      const { part, handOff } = outcome.result;
      const ours = winnersOf(parts, part, handOff.won);
      const sent = handOff.isConfirmed ? ours : [];
      lane.sending.release(part.length - sent.length);
      if (!handOff.isConfirmed) putBack(parts, ours, 'HAND_OFF_UNCONFIRMED');
      else if (sent.length > 0) yield sent.map((bill) => ({ ...bill, startDeadline }));
    } else if (outcome.kind === 'stuck') {
      lane.sending.release(outcome.items.length);
      putBack(parts, outcome.items, 'HAND_OFF_STOPPED');
    } else {
      lane.sending.release(1);
      refuse(parts, outcome.item, outcome.code);
    }
  }
}

/** Certainly not sent, since we have not begun to. */
const putBack = (parts: PipelineParts, bills: readonly PreparedBill[], reason: string): void => {
  const [first] = bills;
  if (first === undefined) return;
  parts.tally.count(
    'hand-off is not certain, nothing was sent',
    { billId: first.claim.billId, reason },
    bills.length,
  );
  for (const bill of bills) parts.settler.settle(bill, waitItsTurn(bill, reason));
};

const waitItsTurn = ({ claim }: PreparedBill, reason: string): Decision => ({
  ...{ transition: 'notSent', reason },
  delayMs: retryDelayMs(claim.attempts + 1, 0, Math.random()),
});

const refuse = ({ settler, tally }: PipelineParts, bill: PreparedBill, code: string): void => {
  const { billId, channel } = bill.claim;
  tally.count('bill cannot be handed off, the database refuses it', { billId, channel, code });
  settler.settle(bill, { transition: 'unpreparable', reason: 'DATABASE_REFUSED' satisfies FailureReason });
};

/** Those whose claim still stood; the others are given up. */
const winnersOf = (
  parts: PipelineParts,
  group: readonly PreparedBill[],
  won: ReadonlySet<BillId>,
): PreparedBill[] => {
  const ours: PreparedBill[] = [];
  for (const bill of group) {
    if (won.has(bill.claim.billId)) ours.push(bill);
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
