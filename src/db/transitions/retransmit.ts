import type { Channel } from '../../channels.ts';
import { newClaimToken } from '../claimTokens.ts';
import { countedMove } from '../counts/countedMoves.ts';
import type { Database } from '../database.ts';
import { queryCount } from '../sql.ts';
import { journalled, nextCycle } from './fragments.ts';
import { type Transition, transitionStatement } from './transition.ts';

/** The journal keeps why the bill had failed. */
export const retransmit = {
  name: 'retransmit',
  event: '`retransmit_at` has come',
  by: ['sweeper'],
  from: ['FAILED'],
  ifRow: 'its dead letter acknowledged, cycle < maximum',
  to: 'PENDING',
  andRow: 'first channel, next cycle',
  token: 'none',
  outcome: 'RETRANSMITTED',
  set: nextCycle('$5'),
} as const satisfies Transition;

const statement = transitionStatement(retransmit, {
  name: 'retransmit-due',
  ctes: `due as (
      select bill_id, reason from bill_notification
      where retransmit_at <= now() and publish_status = 'PUBLISHED' and cycle < $1
      order by retransmit_at
      limit $2
      for update skip locked
    )`,
  rows: 'due',
  fences: [`n.publish_status = 'PUBLISHED'`, 'n.retransmit_at <= now()', 'n.cycle < $1'],
  returning: 'due.reason',
  beside: [
    journalled(retransmit, 'moved', { token: '$3::uuid', actor: '$4', reason: 'reason' }),
    countedMove('moved', { failed: -1 }),
  ],
  select: 'select count(*)::int from moved',
});

/**
 * Starts the next cycle of failed bills that are due; returns how many, at most `limit`.
 * @param options.actor for the journal: `sweeper host:pid`
 */
export function retransmitDue(
  database: Database,
  {
    maxCycles,
    limit,
    actor,
    first,
  }: {
    readonly maxCycles: number;
    readonly limit: number;
    readonly actor: string;
    readonly first: Channel;
  },
): Promise<number> {
  return queryCount(database, statement, [maxCycles, limit, newClaimToken(), actor, first]);
}
