import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { isInClosedMonth } from '../source/billTables.ts';
import { plainArray } from '../sql.ts';
import { nextCycle } from './fragments.ts';
import type { Move } from './moveSelected.ts';
import { askPersonMove, personStatement } from './personMove.ts';
import type { Transition } from './transition.ts';

/**
 * Unlike a retransmission, it is possible at any time, in any cycle, and also after a person has fixed the
 * bill's data.
 */
export const retry = {
  name: 'retry',
  event: 'a person: retry',
  by: ['person'],
  from: ['FAILED'],
  ifRow: 'its dead letter acknowledged',
  to: 'PENDING',
  andRow: 'first channel, next cycle',
  token: 'none',
  outcome: 'RETRIED',
  set: nextCycle('$6'),
} as const satisfies Transition;

export const retryAskingAgain = {
  ...retry,
  name: 'retryAskingAgain',
  event: 'a person: retry, also addresses that were refused for good',
  outcome: 'ASKED_AGAIN',
} as const satisfies Transition;

function statementOf(transition: typeof retry | typeof retryAskingAgain, name: string) {
  return personStatement(transition, {
    name,
    seen: [['cycle', 'int']],
    fences: (seen) => [`n.cycle = ${seen}.cycle`, `n.publish_status = 'PUBLISHED'`],
    billFence: `not ${isInClosedMonth}`,
    journal: { reason: 'coalesce($4::text, old_reason)' },
  });
}

const statement = statementOf(retry, 'retry');
const askingAgain = statementOf(retryAskingAgain, 'retry-asking-again');

/**
 * Starts the next cycle of failed bills for a person. The journal keeps why they had failed.
 * @param request.actor `person <user>`
 * @param request.first the channel with which the cycle begins
 * @param request.asksRefused whether unchanged addresses that were refused for good are tried again too
 */
export function retryAs(
  database: Database,
  {
    actor,
    first,
    asksRefused = false,
  }: { readonly actor: string; readonly first: Channel; readonly asksRefused?: boolean },
): Move {
  return {
    allows: ({ sendStatus, publishStatus }) => sendStatus === 'FAILED' && publishStatus === 'PUBLISHED',
    make: (standings, journalToken) =>
      askPersonMove(
        database,
        asksRefused ? askingAgain : statement,
        { billIds: standings.map(({ billId }) => billId), journalToken, actor },
        [plainArray(standings.map(({ cycle }) => cycle)), first],
      ),
  };
}
