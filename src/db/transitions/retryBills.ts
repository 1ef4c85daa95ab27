import type { BillId } from '../../bill.ts';
import type { Database, Statement } from '../database.ts';
import { plainArray } from '../sql.ts';
import type { Move } from './moveSelected.ts';
import { isInClosedMonth } from './openMonth.ts';

/**
 * State table: FAILED, its dead letter acknowledged, a person: retry -> PENDING, channel EMAIL, next cycle.
 *
 * Unlike the retransmission, also before its time, beyond the maximum of cycles, and for what could not be
 * prepared: a person has mended the data. The cycle that was seen is compared, so that one asking starts one
 * cycle. What this very statement's first try has journalled counts as moved: its answer was lost.
 */
function retrying({ name, outcome }: { readonly name: string; readonly outcome: string }): Statement {
  return {
    name,
    text: `
    with seen as (
      select * from unnest($1::bigint[], $2::int[]) as seen (bill_id, cycle)
    ), failed as (
      select n.bill_id, n.cycle, n.reason
      from bill_notification n join seen on seen.bill_id = n.bill_id and seen.cycle = n.cycle
      where n.send_status = 'FAILED' and n.publish_status = 'PUBLISHED'
      order by n.bill_id
      for update of n skip locked
    ), retried as (
      update bill_notification n
      set send_status = 'PENDING', channel = 'EMAIL', cycle = n.cycle + 1, attempts = 0, retransmit_at = null,
          tried_ms = 0,
          not_before = now(), changed_at = now(), publish_status = 'PENDING', publish_seq = n.publish_seq + 1
      from failed
      where n.bill_id = failed.bill_id and n.cycle = failed.cycle
        and n.send_status = 'FAILED' and n.publish_status = 'PUBLISHED'
        and not ${isInClosedMonth}
      returning n.bill_id, n.cycle, n.channel, failed.reason
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, $3::uuid, '${outcome}', cycle, channel, true, reason, $4, now(), now() from retried
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select bill_id from retried
    union
    select bill_id from delivery_attempt
    where bill_id = any($1::bigint[]) and claim_token = $3::uuid and outcome = '${outcome}'`,
  };
}

const retry = retrying({ name: 'retry', outcome: 'RETRIED' });
const askAgain = retrying({ name: 'retry-asking-again', outcome: 'ASKED_AGAIN' });

/**
 * A person starts the next cycle of failed bills. The journal keeps why they had failed.
 * @param actor `person <user>`
 * @param asksRefused also addresses that were refused for good are asked again, unchanged
 */
export function retryAs(database: Database, actor: string, asksRefused = false): Move {
  return {
    allows: ({ sendStatus, publishStatus }) => sendStatus === 'FAILED' && publishStatus === 'PUBLISHED',
    make: async (standings, token) => {
      const rows = await database.query<[BillId]>(asksRefused ? askAgain : retry, [
        plainArray(standings.map(({ billId }) => billId)),
        plainArray(standings.map(({ cycle }) => cycle)),
        token,
        actor,
      ]);
      return new Set(rows.map(([billId]) => billId));
    },
  };
}
