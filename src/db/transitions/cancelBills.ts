import type { BillId, SendStatus } from '../../bill.ts';
import type { Database } from '../database.ts';
import type { Move } from './moveSelected.ts';
import { askPersonMove, personStatement } from './personMove.ts';
import type { Transition } from './transition.ts';

/**
 * Nothing of these bills has left: from the hand-off on it is too late. SENDING loses its token, so that its
 * hand-off wins nothing. If the row owed an event or a dead letter, it no longer does: the relay marks it
 * without publishing.
 */
export const cancel = {
  name: 'cancel',
  event: 'a person: cancel',
  by: ['person'],
  from: ['PENDING', 'SENDING', 'FAILED'],
  to: 'CANCELLED',
  token: 'cleared',
  outcome: 'CANCELLED',
  set: `reason = $4, retransmit_at = null, not_before = '-infinity'`,
} as const satisfies Transition;

const statement = personStatement(cancel, { name: 'cancel' });

/**
 * Cancels, for a person and for good, bills that are not handed off yet.
 * @param actor `person <user>`
 * @param reason for the row and the journal
 */
export function cancelAs(
  database: Database,
  { actor, reason }: { actor: string; reason?: string | undefined },
): Move {
  const cancellable: readonly SendStatus[] = cancel.from;
  return {
    allows: ({ sendStatus }) => cancellable.includes(sendStatus),
    make: (standings, journalToken) =>
      askPersonMove(database, statement, {
        billIds: standings.map(({ billId }) => billId),
        journalToken,
        actor,
        reason,
      }),
  };
}

const replaced = 'REPLACED_BY';

/**
 * The reason of a bill that is replaced by a corrected one: `REPLACED_BY 43`, or `REPLACED_BY 43: wrong
 * tariff`.
 */
export function replacedBy(billId: BillId, why: string | undefined): string {
  return why === undefined ? `${replaced} ${billId}` : `${replaced} ${billId}: ${why}`;
}
