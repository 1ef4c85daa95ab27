import type { BillId } from '../../bill.ts';
import { newClaimToken } from '../claimTokens.ts';
import type { Database } from '../database.ts';
import { plainArray, queryCount } from '../sql.ts';

/**
 * State table: PENDING, its ids cannot stand in an event -> FAILED, dead letter owed, no retransmission.
 * Only while the row owes the very event that cannot be written.
 */
const refuse = {
  name: 'refuse-unsendable',
  text: `
    with unsendable as (
      select * from unnest($1::bigint[], $2::int[]) as unsendable (bill_id, publish_seq) order by bill_id
    ), refused as (
      update bill_notification n
      set send_status = 'FAILED', reason = 'BILL_INCOMPLETE', not_before = now(), changed_at = now(),
          publish_status = 'PENDING', publish_seq = n.publish_seq + 1
      from unsendable
      where n.bill_id = unsendable.bill_id and n.publish_seq = unsendable.publish_seq
        and n.publish_status = 'PENDING' and n.send_status = 'PENDING'
      returning n.bill_id, n.cycle, n.channel
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, $3::uuid, 'UNPREPARABLE', cycle, channel, true, 'BILL_INCOMPLETE', 'relay', now(), now()
      from refused
    )
    select count(*)::int from refused`,
};

/** Fails bills whose own id or member's id is no id of an event; returns how many. */
export function refuseUnsendable(
  database: Database,
  owed: readonly { readonly billId: BillId; readonly publishSeq: number }[],
): Promise<number> {
  return queryCount(database, refuse, [
    plainArray(owed.map(({ billId }) => billId)),
    plainArray(owed.map(({ publishSeq }) => publishSeq)),
    newClaimToken(),
  ]);
}
