import type { BillId, Claim, ClaimToken, DispatcherId, MemberId } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import { type Transition, transitionStatement } from './transition.ts';

/**
 * The row is claimed only for the member that the event names, so nobody gets another's bill. If the event of
 * a held bill came from elsewhere, `publish_status` stays HELD: an index has that column, and every claim
 * would pay for a change.
 */
export const claim = {
  name: 'claim',
  event: 'claim',
  by: ['dispatcher'],
  from: ['PENDING'],
  ifRow: "due, channel = the topic's",
  to: 'SENDING',
  token: 'new',
  set: `claim_token = $3::uuid,
          dated_at = case when n.attempts = 0 then $6::timestamptz else coalesce(n.dated_at, $6::timestamptz) end`,
} as const satisfies Transition;

/**
 * By the claim_batch row the sweeper finds the batch if its owner dies. If a batch is claimed in parts, this
 * row collects their bills.
 */
const statement = transitionStatement(claim, {
  name: 'claim',
  ctes: `event as (
      select * from unnest($1::bigint[], $2::bigint[]) as event (bill_id, member_id)
    )`,
  rows: 'event',
  fences: ['n.member_id = event.member_id', 'n.channel = $4', 'n.not_before <= now()'],
  again: `n.send_status = 'SENDING' and n.claim_token = $3::uuid`,
  returning: `n.member_id, n.attempts, n.tried_ms, n.passed,
             case when n.attempts > 0 then extract(epoch from n.dated_at)::float8 * 1000 end as dated_at_ms`,
  beside: [
    `batch as (
      insert into claim_batch (token, owner, bill_ids, claimed_at)
      select $3::uuid, $5::uuid, array_agg(bill_id), now() from moved having count(*) > 0
      on conflict (token) do update set bill_ids = claim_batch.bill_ids || excluded.bill_ids
    )`,
  ],
  select: 'select bill_id, member_id, cycle, attempts, tried_ms, passed, dated_at_ms from moved',
});

export interface ClaimRequest {
  readonly token: ClaimToken;
  readonly owner: DispatcherId;
  readonly channel: Channel;
  /**
   * Each bill once, in ascending order of ids, so that overlapping batches wait for each other and do not
   * deadlock.
   */
  readonly events: readonly { readonly billId: BillId; readonly memberId: MemberId }[];
}

/**
 * Claims those bills of the batch that are free and due. A bill that is missing in the result belongs to
 * another dispatcher, is done or is unknown.
 */
export async function claimBills(database: Database, request: ClaimRequest): Promise<Claim[]> {
  const { token, owner, channel, events } = request;
  const nowMs = Math.floor(Date.now() / 1_000) * 1_000;
  const rows = await database.query<
    [BillId, MemberId, number, number, number, Claim['passed'], number | null]
  >(statement, [
    plainArray(events.map((event) => event.billId)),
    plainArray(events.map((event) => event.memberId)),
    token,
    channel,
    owner,
    new Date(nowMs),
  ]);
  return rows.map(([billId, memberId, cycle, attempts, triedMs, passed, datedAtMs]) => ({
    billId,
    memberId,
    channel,
    cycle,
    attempts,
    triedMs,
    passed,
    token,
    datedAtMs: datedAtMs ?? nowMs,
  }));
}
