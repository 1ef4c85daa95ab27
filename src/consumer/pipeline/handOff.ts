import type { BillId, ClaimToken, FailureReason } from '../../bill.ts';
import { isolate } from '../../db/isolate.ts';
import { type HandOff, handOffBills } from '../../db/transitions/handOffBills.ts';
import type { SendStart } from '../../policy/brake/admission.ts';
import type { Trial } from '../../policy/brake/trial.ts';
import type { Decision } from '../../policy/decide.ts';
import { retryDelayMs } from '../../policy/retryPolicy.ts';
import { readClocks, type StartDeadline, startDeadlineFrom } from '../../providers/startDeadline.ts';
import { deferQuietHours } from './deferQuietHours.ts';
import type { ClaimedBill, Lane } from './lane.ts';
import type { PreparedBill, StageDeps } from './stage.ts';

/** A bill that is SENT by our token, with its slot at the provider taken. */
export interface HandedOffBill extends Pick<PreparedBill, 'bill' | 'message'> {
  readonly startDeadline: StartDeadline;
  readonly start: SendStart;
}

/**
 * Marks bills SENT before they are sent, as many at a time as the brake and the provider have slots for.
 *
 * Not sent are:
 * - a bill whose claim was lost;
 * - a bill whose hand-off is not certain: it is settled as not sent;
 * - what the brake does not let through: it is given back, even after its hand-off, since nothing has left;
 * - what would wait under a new pace until its claim is too old: it is given back too.
 *
 * Quiet hours are judged again, since the wait for a slot may have been long. The start deadline counts from
 * before the first try of the statement.
 */
export async function* handOff(
  deps: StageDeps,
  lane: Lane,
  { bills, trial }: { readonly bills: readonly PreparedBill[]; readonly trial?: Trial | undefined },
): AsyncGenerator<HandedOffBill[]> {
  const { brake } = lane;
  let end = bills.length;
  for (let next = 0; next < end; ) {
    const inTime = next + brake.inTime(end - next);
    if (inTime < end) giveBack(deps, bills.slice(inTime, end));
    end = inTime;
    const careful = isTriedBefore(bills[next]);
    const last = brake.isPaced ? Math.min(end, alikeFrom(bills, next)) : end;
    const slots = await brake.takeSlots(last - next, { careful }, trial);
    if (slots === 0) {
      giveBack(deps, bills.slice(next, end));
      return;
    }
    const group = await deferQuietHours(deps, lane, bills.slice(next, next + slots));
    next += slots;
    if (group.length < slots) brake.release(slots - group.length);
    if (group.length > 0) yield* startGroup(deps, lane, { group, trial });
  }
}

/** Hands a group off, and asks the brake once more before its sends begin. */
async function* startGroup(
  deps: StageDeps,
  lane: Lane,
  { group, trial }: { readonly group: readonly PreparedBill[]; readonly trial: Trial | undefined },
): AsyncGenerator<HandedOffBill[]> {
  for await (const { bills, startDeadline } of handOffGroup(deps, lane, group)) {
    const start = lane.brake.start(trial);
    if (start === undefined) {
      lane.brake.release(bills.length);
      giveBack(deps, bills);
    } else {
      yield bills.map(({ bill, message }) => ({ bill, message, startDeadline, start }));
    }
  }
}

function isTriedBefore(bill: PreparedBill | undefined): boolean {
  return (bill?.bill.claim.attempts ?? 0) > 0;
}

/** Where the run of bills ends, from `first` on, that were all tried before or all not. */
function alikeFrom(bills: readonly PreparedBill[], first: number): number {
  const careful = isTriedBefore(bills[first]);
  let end = first + 1;
  while (end < bills.length && isTriedBefore(bills[end]) === careful) end++;
  return end;
}

/** Long enough that a brake which is soon released does not bring all of them back at once. */
const givenBackMs = 1_000;

/** Gives bills back without a row in the journal and without using up an attempt. */
export function giveBack({ settler }: StageDeps, bills: readonly Pick<PreparedBill, 'bill'>[]): void {
  for (const { bill } of bills) {
    settler.settle(bill, { transition: 'held', delayMs: givenBackMs * (1 + Math.random()) });
  }
}

interface Won {
  readonly bills: readonly PreparedBill[];
  readonly startDeadline: StartDeadline;
}

/** Yields the bills of a group as they are handed off. The slots of the others are freed. */
async function* handOffGroup(
  deps: StageDeps,
  lane: Lane,
  group: readonly PreparedBill[],
): AsyncGenerator<Won> {
  const startDeadline = startDeadlineFrom(readClocks(), deps.startDeadlineMs);
  const run = async (part: readonly PreparedBill[]) => ({
    part,
    handOff: await deps.meters.stages.time('hand_off', part.length, () =>
      handOffBills(deps.database, tokenOf(part), {
        claims: part.map(({ bill }) => bill.claim),
        provider: lane.name,
      }),
    ),
  });
  for await (const outcome of isolate(group, { run, throttledLog: deps.throttledLog })) {
    if (outcome.kind === 'done') {
      const { part, handOff } = outcome.result;
      const bills = confirmedOf(deps, part, handOff);
      lane.brake.release(part.length - bills.length);
      if (bills.length > 0) yield { bills, startDeadline };
    } else if (outcome.kind === 'stuck') {
      lane.brake.release(outcome.items.length);
      putBack(deps, outcome.items, 'HAND_OFF_STOPPED');
    } else {
      lane.brake.release(1);
      refuse(deps, outcome.item, outcome.code);
    }
  }
}

/** The bills that may be sent. */
function confirmedOf(
  deps: StageDeps,
  part: readonly PreparedBill[],
  { won, isConfirmed }: HandOff,
): PreparedBill[] {
  const ours = winnersOf(deps, part, won);
  if (isConfirmed) return ours;
  putBack(deps, ours, 'HAND_OFF_UNCONFIRMED');
  return [];
}

/** Settles bills as not sent: their sends have not begun. */
function putBack(deps: StageDeps, bills: readonly PreparedBill[], reason: string): void {
  const [first] = bills;
  if (first === undefined) return;
  deps.throttledLog.warn(
    'hand-off is not certain, nothing was sent',
    { billId: first.bill.claim.billId, reason },
    bills.length,
  );
  for (const { bill } of bills) deps.settler.settle(bill, retryLater(bill, reason));
}

function retryLater({ claim }: ClaimedBill, reason: string): Decision {
  return {
    transition: 'notSent',
    reason,
    delayMs: retryDelayMs(claim.attempts + 1, 0, Math.random()),
  };
}

function refuse({ settler, throttledLog }: StageDeps, { bill }: PreparedBill, code: string): void {
  const { billId, channel } = bill.claim;
  throttledLog.warn('bill cannot be handed off, the database refuses it', { billId, channel, code });
  settler.settle(bill, { transition: 'unpreparable', reason: 'DATABASE_REFUSED' satisfies FailureReason });
}

/** The bills whose claim still stood. The others are closed: another dispatcher has them. */
function winnersOf(
  deps: StageDeps,
  group: readonly PreparedBill[],
  won: ReadonlySet<BillId>,
): PreparedBill[] {
  const ours: PreparedBill[] = [];
  let lost: ClaimedBill | undefined;
  for (const prepared of group) {
    const { bill } = prepared;
    if (won.has(bill.claim.billId)) ours.push(prepared);
    else {
      bill.close();
      lost = bill;
    }
  }
  if (lost !== undefined) {
    deps.throttledLog.warn(
      'claim was taken back before the hand-off',
      { billId: lost.claim.billId },
      group.length - ours.length,
    );
  }
  return ours;
}

/** All bills of one batch were claimed by one token. */
function tokenOf([first]: readonly PreparedBill[]): ClaimToken {
  if (first === undefined) throw new RangeError('a hand-off needs at least one bill');
  return first.bill.claim.token;
}
