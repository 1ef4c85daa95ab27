import type { BillId, Claim, ClaimToken, DispatcherId, MemberId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/**
 * State table: claim. PENDING, due, on this topic's channel -> SENDING with the batch's own token.
 *
 * The row is taken only for the member that the event names: nobody gets another's bill. SENDING with this
 * very token counts as won, so that the statement can be asked again when its commit's outcome is unknown.
 * A held bill whose event came from elsewhere stays HELD in `publish_status`: an index has that column, and every claim
 * would pay for it.
 * The claim_batch row is what the sweeper finds the batch by when its owner dies; a batch that was claimed in parts
 * gathers their bills in it.
 */
const claim = {
  name: 'claim',
  text: `
    with event as (
      select * from unnest($1::bigint[], $2::bigint[]) as event (bill_id, member_id)
    ), claimed as (
      update bill_notification n
      set send_status = 'SENDING', claim_token = $3::uuid, changed_at = now()
      from event
      where n.bill_id = event.bill_id
        and n.member_id = event.member_id
        and n.channel = $4
        and n.not_before <= now()
        and (n.send_status = 'PENDING' or (n.send_status = 'SENDING' and n.claim_token = $3::uuid))
      returning n.bill_id, n.member_id, n.cycle, n.attempts, n.tried_ms
    ), batch as (
      insert into claim_batch (token, owner, bill_ids, claimed_at)
      select $3::uuid, $5::uuid, array_agg(bill_id), now() from claimed having count(*) > 0
      on conflict (token) do update set bill_ids = claim_batch.bill_ids || excluded.bill_ids
    )
    select bill_id, member_id, cycle, attempts, tried_ms from claimed`,
};

export interface ClaimRequest {
  readonly token: ClaimToken;
  readonly owner: DispatcherId;
  readonly channel: Channel;
  /** Each bill once, in ascending order of ids: batches that overlap then wait instead of deadlocking. */
  readonly events: readonly { readonly billId: BillId; readonly memberId: MemberId }[];
}

/** Claims what of the batch is free and due; what is missing in the result is another's, done or unknown. */
export async function claimBills(database: Database, request: ClaimRequest): Promise<Claim[]> {
  const { token, owner, channel, events } = request;
  const rows = await database.query<[BillId, MemberId, number, number, number]>(claim, [
    plainArray(events.map((event) => event.billId)),
    plainArray(events.map((event) => event.memberId)),
    token,
    channel,
    owner,
  ]);
  return rows.map(([billId, memberId, cycle, attempts, triedMs]) => ({
    billId,
    memberId,
    channel,
    cycle,
    attempts,
    triedMs,
    token,
  }));
}
