import type { SettlingTransition } from '../../src/bill.ts';
import type { Channel } from '../../src/channels.ts';
import type { DoubtVerdict } from '../../src/db/transitions/resolveBills.ts';
import type { Standing } from './fences.ts';
import type { Receipt, Row } from './state.ts';

/**
 * The statements of src/db on one row, under the names of their functions: what each does to the row, or
 * undefined if its WHERE does not hold. Each is one atomic step, as one UPDATE is. `resolveAs` has three
 * verdicts.
 */

type Changed = Row | undefined;

/** Fence 5: a change to PENDING or FAILED owes an event, in the same UPDATE. */
const owes: Partial<Row> = { publish: 'PENDING' };
const endsClaim: Partial<Row> = { token: 0, waits: false, pastHorizon: false, retransmits: false };

function owing(row: Row, changes: Partial<Row>): Row {
  return {
    ...row,
    ...endsClaim,
    ...changes,
    ...owes,
    publishSeq: row.publishSeq + 1,
  };
}

function startsNextCycle(row: Row, first: Channel): Row {
  return owing(row, { status: 'PENDING', channel: first, step: 0, passed: [], cycle: row.cycle + 1 });
}

/** Step and channel change together, and the channel that is left is remembered. */
function turnTo(row: Row, next: Channel): Row {
  const { step, passed, channel } = row;
  return owing(row, { status: 'PENDING', channel: next, step: step + 1, passed: [...passed, channel] });
}

export function claimBills(
  row: Row,
  { token, channel }: { token: number; channel: Channel },
  stands: Standing,
): Changed {
  const isOurs = row.status === 'SENDING' && row.token === token;
  const isOthers = row.status === 'SENDING' || row.status === 'SENT';
  const isFree = row.status === 'PENDING' || isOurs || (isOthers && !stands('claimsOnlyPending'));
  if (!isFree) return undefined;
  if (stands('claimComparesChannel') && row.channel !== channel) return undefined;
  if (stands('claimComparesDue') && row.waits) return undefined;
  return { ...row, status: 'SENDING', token, batch: stands('batchWithClaim') };
}

/** SENT with our token counts as won: the answer of the first try was lost. */
export function handOffBills(
  row: Row,
  { token, provider }: { readonly token: number; readonly provider: number },
  stands: Standing,
): Changed {
  if (stands('handOffComparesToken') && row.token !== token) return undefined;
  return row.status === 'SENDING' || row.status === 'SENT' ? { ...row, status: 'SENT', provider } : undefined;
}

type Settling = (row: Row, next: Channel | undefined) => Changed;

function setFree(row: Row): Row {
  return owing(row, { status: 'PENDING' });
}
function waitForTurn(row: Row): Row {
  return owing(row, { status: 'PENDING', waits: true });
}
function fail(row: Row): Row {
  return owing(row, { status: 'FAILED' });
}
function failUntilNextCycle(row: Row): Row {
  return owing(row, { status: 'FAILED', retransmits: true });
}

function toNext(statuses: readonly Row['status'][]): Settling {
  return (row, next) => (statuses.includes(row.status) && next !== undefined ? turnTo(row, next) : undefined);
}

function from(statuses: readonly Row['status'][], set: (row: Row) => Row): Settling {
  return (row) => (statuses.includes(row.status) ? set(row) : undefined);
}

const afterHandOff = ['SENT', 'IN_DOUBT'] as const;
const anyClaimed = ['SENDING', ...afterHandOff] as const;

/** The keys are those of `settlings.ts`: the compiler checks it. */
export const settling: Readonly<Record<SettlingTransition, Settling>> = {
  accepted: from(afterHandOff, (row) => ({ ...row, status: 'DELIVERED', waits: false })),
  refusedToNext: toNext(afterHandOff),
  refusedForGood: from(afterHandOff, failUntilNextCycle),
  notSent: from(anyClaimed, waitForTurn),
  unknown: from(['SENT'], (row) => ({ ...row, status: 'IN_DOUBT' })),
  never: from(['IN_DOUBT'], setFree),
  unaddressedToNext: toNext(['SENDING']),
  exhausted: from(anyClaimed, failUntilNextCycle),
  quietHours: from(['SENDING'], waitForTurn),
  unpreparable: from(['SENDING'], fail),
  refusedBeforeToNext: toNext(['SENDING']),
  refusedBeforeForGood: from(['SENDING'], fail),
  braked: from(afterHandOff, waitForTurn),
  held: from(['SENDING', 'SENT'], waitForTurn),
};

/**
 * @param answer.token undefined if the comparison is left out, to see what it is for
 * @param answer.next where the bill goes on, if the transition says so
 */
export function settle(
  row: Row,
  transition: SettlingTransition,
  { token, next }: { readonly token: number | undefined; readonly next?: Channel | undefined },
): Changed {
  return token === undefined || row.token === token ? settling[transition](row, next) : undefined;
}

export function takeBackAbandoned(row: Row, stands: Standing): Changed {
  return row.batch ? takeBack(row, stands) : undefined;
}

export function takeBackStrandedBills(row: Row, stands: Standing): Changed {
  return row.batch || !stands('strandedWalk') ? undefined : takeBack(row, stands);
}

function takeBack(row: Row, stands: Standing): Changed {
  return row.status === 'SENDING' || (row.status === 'SENT' && !stands('sentIsKept'))
    ? setFree(row)
    : undefined;
}

export function doubtAbandoned(row: Row): Changed {
  return row.batch ? doubt(row) : undefined;
}

export function doubtStrandedBills(row: Row, stands: Standing): Changed {
  return row.batch || !stands('strandedWalk') ? undefined : doubt(row);
}

function doubt(row: Row): Changed {
  return row.status === 'SENT' ? { ...row, status: 'IN_DOUBT', waits: false } : undefined;
}

export function republishOrphans(row: Row): Changed {
  return row.status === 'PENDING' && row.publish === 'PUBLISHED' && !row.waits
    ? { ...row, ...owes, publishSeq: row.publishSeq + 1 }
    : undefined;
}

export function markEventsPublished(row: Row, publishSeq: number, stands: Standing): Changed {
  return row.publish === 'PENDING' && (row.publishSeq === publishSeq || !stands('publishSeq'))
    ? { ...row, publish: 'PUBLISHED' }
    : undefined;
}

/**
 * Of a bill whose ids no event can name; it is such a bill from the beginning, so the search need not know
 * it.
 */
export function refuseUnsendable(row: Row, publishSeq: number): Changed {
  return row.status === 'PENDING' && row.publish === 'PENDING' && row.publishSeq === publishSeq
    ? fail(row)
    : undefined;
}

/** Releases all held bills. */
export function createRelease(row: Row): Changed {
  return releaseNamed(row);
}

/** Releases a bill that a run has chosen for its canary. `releaseRest` does the same for the others. */
export function releaseCanary(row: Row): Changed {
  return releaseNamed(row);
}

export function releaseRest(row: Row): Changed {
  return releaseNamed(row);
}

export function releaseNamed(row: Row): Changed {
  return row.status === 'PENDING' && row.publish === 'HELD'
    ? { ...row, ...owes, publishSeq: row.publishSeq + 1 }
    : undefined;
}

function letterIsOut(row: Row, stands: Standing): boolean {
  return row.status === 'FAILED' && (row.publish === 'PUBLISHED' || !stands('letterBeforeRetransmission'));
}

export function retransmitDue(row: Row, first: Channel, stands: Standing): Changed {
  return row.retransmits && letterIsOut(row, stands) ? startsNextCycle(row, first) : undefined;
}

export function retryAs(row: Row, first: Channel, stands: Standing): Changed {
  return letterIsOut(row, stands) ? startsNextCycle(row, first) : undefined;
}

/** A held row on a later channel has been released neither by a person nor by an event. */
export function turnBackAs(row: Row, first: Channel, stands: Standing): Changed {
  if (row.status !== 'PENDING' || row.channel === first || row.publish === 'HELD') return undefined;
  return stands('nextCycleOnTurnBack')
    ? startsNextCycle(row, first)
    : owing(row, { status: 'PENDING', channel: first, step: 0, passed: [] });
}

interface Word {
  /** The token of the delivery that the person has read. */
  readonly token: number;
  /** Where the bill goes on. */
  readonly to: Channel;
}

export function resendAs(row: Row, { token, to }: Word, stands: Standing): Changed {
  return isDelivery(row, token, stands) ? startsNextCycle(row, to) : undefined;
}

export function bounceAs(row: Row, { token, to }: Word, stands: Standing): Changed {
  if (!isDelivery(row, token, stands)) return undefined;
  return stands('nextOnBounce') ? turnTo(row, to) : setFree(row);
}

function isDelivery(row: Row, token: number, stands: Standing): boolean {
  return row.status === 'DELIVERED' && (row.token === token || !stands('wordComparesToken'));
}

export type ReceiptMove = 'receiptAccepts' | 'receiptTurns' | 'receiptFails';

interface ReceiptWord {
  readonly move: ReceiptMove;
  /** The attempt that the receipt names, and how the row stood when it was compared. */
  readonly seen: Pick<Receipt, 'token' | 'status' | 'channel' | 'cycle'>;
  readonly next: Channel | undefined;
}

/** A stored receipt settles a doubt, or takes a delivery to the next channel. */
export function moveByReceipts(row: Row, { move, seen, next }: ReceiptWord, stands: Standing): Changed {
  if (stands('receiptComparesToken') && row.token !== seen.token) return undefined;
  const isSame = row.channel === seen.channel && row.cycle === seen.cycle;
  if (stands('receiptNamesAttempt') && !isSame) return undefined;
  if (stands('receiptComparesState') && row.status !== seen.status) return undefined;
  switch (move) {
    case 'receiptAccepts':
      return row.status === 'IN_DOUBT' ? { ...row, status: 'DELIVERED', waits: false } : undefined;
    case 'receiptTurns':
      if (next === undefined) return undefined;
      return row.status === 'IN_DOUBT' || row.status === 'DELIVERED' ? turnTo(row, next) : undefined;
    case 'receiptFails':
      return row.status === 'IN_DOUBT' ? failUntilNextCycle(row) : undefined;
    default:
      return move satisfies never;
  }
}

/** The row of an event that was kept has come. */
export function releaseEarlyBills(row: Row): Changed {
  return row.status === 'PENDING' && row.publish !== 'PENDING'
    ? { ...row, ...owes, publishSeq: row.publishSeq + 1 }
    : undefined;
}

export function cancelAs(row: Row): Changed {
  return row.status === 'PENDING' || row.status === 'SENDING' || row.status === 'FAILED'
    ? { ...row, ...endsClaim, status: 'CANCELLED' }
    : undefined;
}

export function resolveAs(
  row: Row,
  { verdict, first }: { readonly verdict: DoubtVerdict; readonly first: Channel },
  stands: Standing,
): Changed {
  if (row.status !== 'IN_DOUBT') return undefined;
  switch (verdict) {
    case 'delivered':
      return { ...row, status: 'DELIVERED', waits: false };
    case 'resend':
      return stands('nextCycleOnResend') ? startsNextCycle(row, first) : setFree(row);
    case 'failed':
      return fail(row);
    default:
      return verdict satisfies never;
  }
}
