import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import { nextCycle } from './fragments.ts';
import type { Move } from './moveSelected.ts';
import { askPersonMove, personStatement } from './personMove.ts';
import type { Transition } from './transition.ts';

/**
 * Under a new key, since this cycle has left the first channel: it was refused there, or accepted and
 * bounced.
 */
export const turnBack = {
  name: 'turnBack',
  event: 'a person: retry --channel, with the first one',
  by: ['person'],
  from: ['PENDING'],
  ifRow: 'on another channel, released',
  to: 'PENDING',
  andRow: 'first channel, next cycle',
  token: 'none',
  outcome: 'TURNED_BACK',
  set: nextCycle('$6'),
} as const satisfies Transition;

const statement = personStatement(turnBack, {
  name: 'turn-back',
  seen: [['cycle', 'int']],
  fences: (seen) => [`n.cycle = ${seen}.cycle`, 'n.channel <> $6', `n.publish_status <> 'HELD'`],
  journal: { reason: 'coalesce($4::text, old_reason)' },
});

/**
 * Turns bills that wait on another channel back to the first one, for a person. The journal keeps why they
 * had turned.
 * @param request.actor `person <user>`
 * @param request.first the first channel
 */
export function turnBackAs(
  database: Database,
  { actor, first }: { readonly actor: string; readonly first: Channel },
): Move {
  return {
    allows: ({ sendStatus, channel, publishStatus, cycle }, seen) =>
      sendStatus === 'PENDING' && channel !== first && publishStatus !== 'HELD' && cycle === seen.cycle,
    whyNot: ({ sendStatus, channel, publishStatus }) => {
      if (sendStatus !== 'PENDING') return 'notPending';
      if (channel === first) return 'byEmail';
      return publishStatus === 'HELD' ? 'held' : 'notPending';
    },
    make: (standings, journalToken) =>
      askPersonMove(
        database,
        statement,
        { billIds: standings.map(({ billId }) => billId), journalToken, actor },
        [plainArray(standings.map(({ cycle }) => cycle)), first],
      ),
  };
}
