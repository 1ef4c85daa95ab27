import { countedMove } from '../counts/countedMoves.ts';
import type { Statement } from '../statement.ts';
import { journalled } from './fragments.ts';
import { type Transition, transitionStatement } from './transition.ts';

/**
 * The two transitions for bills whose owner is gone. The relation `held (bill_id, token)` names them. They
 * are found by id and token, never by state, so no index on the state is needed. Each statement counts what
 * it moved.
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

/** Journalled here, since its dispatcher no longer can. */
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

/**
 * If a dead dispatcher had not written all its moves, these are lost: so its windows must be counted again.
 */
const windowsChanged = countedMove('moved', {});

export function takeBackHeld(name: string, held: string): Statement {
  return transitionStatement(takeBack, {
    ...lockedRows(name, held, 'SENDING'),
    beside: [windowsChanged],
    select: 'select count(*)::int from moved',
  });
}

/** @param actor the parameter that names who doubts */
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

/**
 * Locks the rows of many batches at once in ascending order of ids, as every statement does, since each batch
 * has its own order.
 */
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
