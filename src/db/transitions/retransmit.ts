import { newClaimToken } from '../claimTokens.ts';
import type { Database } from '../database.ts';
import { queryCount } from '../sql.ts';

/**
 * State table: FAILED, its dead letter acknowledged, due, cycle < maximum -> PENDING, channel EMAIL, next cycle.
 * The journal keeps why the bill had failed.
 */
const retransmit = {
  name: 'retransmit-due',
  text: `
    with due as (
      select bill_id, reason from bill_notification
      where retransmit_at <= now() and publish_status = 'PUBLISHED' and cycle < $1
      order by retransmit_at
      limit $2
      for update skip locked
    ), retransmitted as (
      update bill_notification n
      set send_status = 'PENDING', channel = 'EMAIL', cycle = n.cycle + 1, attempts = 0, retransmit_at = null,
          tried_ms = 0,
          not_before = now(), changed_at = now(), publish_status = 'PENDING', publish_seq = n.publish_seq + 1
      from due
      where n.bill_id = due.bill_id and n.send_status = 'FAILED' and n.publish_status = 'PUBLISHED'
        and n.retransmit_at <= now() and n.cycle < $1
      returning n.bill_id, n.cycle, n.channel, due.reason
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, $3::uuid, 'RETRANSMITTED', cycle, channel, true, reason, $4, now(), now() from retransmitted
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select count(*)::int from retransmitted`,
};

/**
 * Starts the next cycle of failed bills that are due; returns how many, at most `limit`.
 * @param options.actor who does, for the journal: `sweeper host:pid`
 */
export function retransmitDue(
  database: Database,
  { maxCycles, limit, actor }: { maxCycles: number; limit: number; actor: string },
): Promise<number> {
  return queryCount(database, retransmit, [maxCycles, limit, newClaimToken(), actor]);
}
