import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { isInClosedMonth } from '../source/billTables.ts';
import { plainArray } from '../sql.ts';
import { nextCycle } from './fragments.ts';
import type { Move } from './moveSelected.ts';
import { askPersonMove, personStatement } from './personMove.ts';
import type { Transition } from './transition.ts';

export const resend = {
  name: 'resend',
  event: 'a person: resend',
  by: ['person'],
  from: ['DELIVERED'],
  to: 'PENDING',
  andRow: 'first channel, next cycle',
  token: 'cleared',
  outcome: 'RESENT',
  set: `${nextCycle('$7')}, reason = null`,
} as const satisfies Transition;

/** If the billing batch inserted a bill as DELIVERED, it has no token: two nulls count as the same. */
const statement = personStatement(resend, {
  name: 'resend',
  seen: [
    ['token', 'uuid'],
    ['cycle', 'int'],
  ],
  fences: (seen) => [`n.cycle = ${seen}.cycle`, `n.claim_token is not distinct from ${seen}.token`],
  billFence: `not ${isInClosedMonth}`,
});

/**
 * Sends delivered bills again, for a person, in their next cycle.
 * @param request.actor `person <user>`
 * @param request.first the channel with which the cycle begins
 * @param request.reason for the journal only
 */
export function resendAs(
  database: Database,
  { actor, reason, first }: { readonly actor: string; readonly reason: string; readonly first: Channel },
): Move {
  return {
    allows: ({ sendStatus, token, cycle }, seen) =>
      sendStatus === 'DELIVERED' && token === seen.token && cycle === seen.cycle,
    make: (standings, journalToken) =>
      askPersonMove(
        database,
        statement,
        { billIds: standings.map(({ billId }) => billId), journalToken, actor, reason },
        [
          plainArray(standings.map(({ token }) => token ?? 'NULL')),
          plainArray(standings.map(({ cycle }) => cycle)),
          first,
        ],
      ),
  };
}
