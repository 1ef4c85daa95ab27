import type { BillId } from '../../bill.ts';
import { newClaimToken } from '../claimTokens.ts';
import { countedMove } from '../counts/countedMoves.ts';
import type { Database } from '../database.ts';
import { plainArray, queryCount } from '../sql.ts';
import { journalled } from './fragments.ts';
import { type Transition, transitionStatement } from './transition.ts';

export const refuse = {
  name: 'refuseUnsendable',
  event: 'its ids cannot stand in an event',
  by: ['relay'],
  from: ['PENDING'],
  ifRow: 'owes the very event that cannot be written',
  to: 'FAILED',
  andRow: 'dead letter owed, no retransmission',
  token: 'none',
  outcome: 'UNPREPARABLE',
  set: `reason = 'BILL_INCOMPLETE', not_before = now()`,
} as const satisfies Transition;

const statement = transitionStatement(refuse, {
  name: 'refuse-unsendable',
  ctes: `unsendable as (
      select * from unnest($1::bigint[], $2::int[]) as unsendable (bill_id, publish_seq) order by bill_id
    )`,
  rows: 'unsendable',
  fences: ['n.publish_seq = unsendable.publish_seq', `n.publish_status = 'PENDING'`],
  beside: [
    journalled(refuse, 'moved', { token: '$3::uuid', actor: `'relay'`, reason: `'BILL_INCOMPLETE'` }),
    countedMove('moved', { failed: 1 }),
  ],
  select: 'select count(*)::int from moved',
});

/** Fails bills that an event cannot name, by their own id or their member's; returns how many. */
export function refuseUnsendable(
  database: Database,
  owed: readonly { readonly billId: BillId; readonly publishSeq: number }[],
): Promise<number> {
  return queryCount(database, statement, [
    plainArray(owed.map(({ billId }) => billId)),
    plainArray(owed.map(({ publishSeq }) => publishSeq)),
    newClaimToken(),
  ]);
}
