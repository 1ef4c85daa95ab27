import { countedMove } from '../counts/countedMoves.ts';
import type { Statement } from '../database.ts';
import { journalled } from './fragments.ts';
import { type Transition, transitionStatement } from './transition.ts';

/**
 * The two transitions of bills whose owner is gone, for the bills that a `held (bill_id, token)` relation
 * names. They are found by id and token, never by state, so no index on the state is needed. Each statement
 * counts what it moved.
 */

export const takeBack = {
  name: 'takeBack',
  event: 'its dispatcher is gone',
  by: ['sweeper'],
  from: ['SENDING'],
  to: 'PENDING',
  token: 'cleared',
  set: 'not_before = now()',
} as const satisfies Transition;

/** Journalled here, since nobody else will. */
export const doubt = {
  name: 'doubt',
  event: 'its dispatcher is gone, or the batch is too old',
  by: ['sweeper'],
  from: ['SENT'],
  to: 'IN_DOUBT',
  token: 'kept',
  outcome: 'UNKNOWN',
  set: `reason = 'OWNER_GONE', not_before = '-infinity'`,
} as const satisfies Transition;

/** What a dead dispatcher had not entered of its moves is lost: its windows are to be counted again. */
const windowsChanged = countedMove('moved', {});

export function takeBackHeld(name: string, held: string): Statement {
  return transitionStatement(takeBack, {
    ...lockedRows(name, held, 'SENDING'),
    beside: [windowsChanged],
    select: 'select count(*)::int from moved',
  });
}

/** @param actor the parameter that says who doubts */
export function doubtHeld(name: string, held: string, actor: `$${number}`): Statement {
  return transitionStatement(doubt, {
    ...lockedRows(name, held, 'SENT'),
    returning: 'n.claim_token, n.handed_off_at, n.provider',
    beside: [
      journalled(doubt, 'moved', {
        token: 'claim_token',
        actor,
        reason: `'OWNER_GONE'`,
        startedAt: 'handed_off_at',
        provider: 'provider',
      }),
      windowsChanged,
    ],
    select: 'select count(*)::int from moved',
  });
}

/** Many batches at once, each in its own order: locked in ascending order of ids, as by every statement. */
function lockedRows(name: string, held: string, state: 'SENDING' | 'SENT') {
  return {
    name,
    ctes: `${held}, locked as (
      select n.bill_id, held.token
      from bill_notification n join held on n.bill_id = held.bill_id and n.claim_token = held.token
      where n.send_status = '${state}'
      order by n.bill_id
      for no key update of n
    )`,
    rows: 'locked',
    fences: ['n.claim_token = locked.token'],
  };
}
