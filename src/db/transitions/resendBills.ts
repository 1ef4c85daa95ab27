import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import type { Move } from './moveSelected.ts';
import { isInClosedMonth } from './openMonth.ts';

/**
 * State table: DELIVERED, a person: resend -> PENDING, channel EMAIL, next cycle, with a new key.
 *
 * The token and the cycle that were seen are compared: the word is about one delivery, and says nothing about a later
 * one of the same bill. A bill that was DELIVERED when it came has no token. What this very statement's first try has
 * journalled counts as moved: its answer was lost.
 */
const resend = {
  name: 'resend',
  text: `
    with seen as (
      select * from unnest($1::bigint[], $2::uuid[], $3::int[]) as seen (bill_id, token, cycle)
    ), delivered as (
      select n.bill_id, n.cycle
      from bill_notification n join seen on seen.bill_id = n.bill_id and seen.cycle = n.cycle
        and seen.token is not distinct from n.claim_token
      where n.send_status = 'DELIVERED'
      order by n.bill_id
      for update of n skip locked
    ), resent as (
      update bill_notification n
      set send_status = 'PENDING', channel = 'EMAIL', cycle = n.cycle + 1, attempts = 0, tried_ms = 0,
          reason = null, claim_token = null, not_before = now(), changed_at = now(),
          publish_status = 'PENDING', publish_seq = n.publish_seq + 1
      from delivered
      where n.bill_id = delivered.bill_id and n.cycle = delivered.cycle and n.send_status = 'DELIVERED'
        and not ${isInClosedMonth}
      returning n.bill_id, n.cycle, n.channel
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, $4::uuid, 'RESENT', cycle, channel, true, $6, $5, now(), now() from resent
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select bill_id from resent
    union
    select bill_id from delivery_attempt
    where bill_id = any($1::bigint[]) and claim_token = $4::uuid and outcome = 'RESENT'`,
};

/**
 * A person sends delivered bills again, in their next cycle.
 * @param actor `person <user>`
 * @param reason for the journal, and only there
 */
export function resendAs(
  database: Database,
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Move {
  return {
    allows: ({ sendStatus, token, cycle }, seen) =>
      sendStatus === 'DELIVERED' && token === seen.token && cycle === seen.cycle,
    make: async (standings, journalToken) => {
      const rows = await database.query<[BillId]>(resend, [
        plainArray(standings.map(({ billId }) => billId)),
        plainArray(standings.map(({ token }) => token ?? 'NULL')),
        plainArray(standings.map(({ cycle }) => cycle)),
        journalToken,
        actor,
        reason,
      ]);
      return new Set(rows.map(([billId]) => billId));
    },
  };
}
