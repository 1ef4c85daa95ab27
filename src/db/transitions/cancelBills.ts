import type { BillId, SendStatus } from '../../bill.ts';
import type { Database } from '../database.ts';
import { isAsSeen, type Standing } from '../reads/standing.ts';
import { plainArray } from '../sql.ts';
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

/** As `isAsSeen`, in the UPDATE. */
const asSeen = personStatement(cancel, {
  name: 'cancel-as-seen',
  seen: [
    ['send_status', 'text'],
    ['publish_status', 'text'],
    ['cycle', 'int'],
    ['token', 'uuid'],
    ['channel', 'text'],
  ],
  fences: (seen) => [
    `n.send_status = ${seen}.send_status`,
    `n.publish_status = ${seen}.publish_status`,
    `n.cycle = ${seen}.cycle`,
    `n.claim_token is not distinct from ${seen}.token`,
    `n.channel = ${seen}.channel`,
  ],
});

function valuesOf(standings: readonly Standing[]): unknown[] {
  return [
    plainArray(standings.map(({ sendStatus }) => sendStatus)),
    plainArray(standings.map(({ publishStatus }) => publishStatus)),
    plainArray(standings.map(({ cycle }) => cycle)),
    plainArray(standings.map(({ token }) => token ?? 'NULL')),
    plainArray(standings.map(({ channel }) => channel)),
  ];
}

/**
 * Cancels, for a person and for good, bills that are not handed off yet.
 * @param actor `person <user>`
 * @param reason for the row and the journal
 * @param onlyAsSeen leaves out bills to which anything has happened since they were seen
 */
export function cancelAs(
  database: Database,
  {
    actor,
    reason,
    onlyAsSeen = false,
  }: {
    readonly actor: string;
    readonly reason?: string | undefined;
    readonly onlyAsSeen?: boolean;
  },
): Move {
  const cancellable: readonly SendStatus[] = cancel.from;
  return {
    allows: (standing, seen) =>
      cancellable.includes(standing.sendStatus) && (!onlyAsSeen || isAsSeen(standing, seen)),
    make: (standings, journalToken) =>
      askPersonMove(
        database,
        onlyAsSeen ? asSeen : statement,
        { billIds: standings.map(({ billId }) => billId), journalToken, actor, reason },
        onlyAsSeen ? valuesOf(standings) : [],
      ),
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
