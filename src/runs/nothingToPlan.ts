import { counted } from '../lib/counted.ts';
import type { Proposal } from './proposal.ts';

/** How many bills of the month nobody has registered; 0 if no month is selected. */
interface OfMonth {
  readonly month: string | undefined;
  readonly unregistered: number;
}

/**
 * Pure: why no bill of a selection can be planned, and what to do. Each group of bills has its own reason.
 */
export function nothingToPlanText(
  { asOf, notHeld, heldLater = 0, unknown }: Pick<Proposal, 'asOf' | 'notHeld' | 'heldLater' | 'unknown'>,
  { month, unregistered }: OfMonth,
): string {
  const groups = [
    [notHeld ?? 0, (bills: number) => `${are(bills)} released or cancelled already`],
    [heldLater, (bills: number) => laterText(bills, asOf)],
    [
      unregistered,
      (bills: number) =>
        `${counted(bills, 'bill')} of ${month} ${bills === 1 ? 'waits' : 'wait'} for \`billcast register --month ${month}\``,
    ],
    [unknown ?? 0, (bills: number) => `${are(bills)} unknown`],
  ] as const;
  const reasons = groups.filter(([bills]) => bills > 0).map(([bills, say]) => say(bills));
  return reasons.length === 0
    ? 'the selection names no bill: plan the run when the billing batch has written its bills'
    : `no bill of this selection can be planned: ${reasons.join('; ')}`;
}

/** These bills came after `asOf`: somebody is writing bills just now, or a row has a time in the future. */
function laterText(bills: number, asOf: string): string {
  return (
    `${are(bills)} held, but by changed_at only after ${asOf}, when they were counted: plan the run again; ` +
    'if that stays, the billing batch writes changed_at, which it has to leave out, or the clock of the database was ' +
    'ahead: set changed_at of these rows to now()'
  );
}

function are(bills: number): string {
  return `${bills.toLocaleString('en')} ${bills === 1 ? 'is' : 'are'}`;
}
