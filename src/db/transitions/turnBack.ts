import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import type { Move } from './moveSelected.ts';

/**
 * State table: PENDING by SMS and let go, a person: retry --channel email -> PENDING, channel EMAIL, next cycle.
 *
 * With a new key: this cycle's e-mail was refused, or was accepted and bounced. The cycle that was seen is compared,
 * so that one asking starts one cycle. What this very statement's first try has journalled counts as moved: its answer
 * was lost.
 */
const turnBack = {
  name: 'turn-back',
  text: `
    with seen as (
      select * from unnest($1::bigint[], $2::int[]) as seen (bill_id, cycle)
    ), turned as (
      select n.bill_id, n.cycle, n.reason
      from bill_notification n join seen on seen.bill_id = n.bill_id and seen.cycle = n.cycle
      where n.send_status = 'PENDING' and n.channel = 'SMS' and n.publish_status <> 'HELD'
      order by n.bill_id
      for update of n skip locked
    ), back as (
      update bill_notification n
      set channel = 'EMAIL', cycle = n.cycle + 1, attempts = 0, tried_ms = 0,
          not_before = now(), changed_at = now(), publish_status = 'PENDING', publish_seq = n.publish_seq + 1
      from turned
      where n.bill_id = turned.bill_id and n.cycle = turned.cycle
        and n.send_status = 'PENDING' and n.channel = 'SMS' and n.publish_status <> 'HELD'
      returning n.bill_id, n.cycle, n.channel, turned.reason
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, $3::uuid, 'TURNED_BACK', cycle, channel, true, reason, $4, now(), now() from back
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select bill_id from back
    union
    select bill_id from delivery_attempt
    where bill_id = any($1::bigint[]) and claim_token = $3::uuid and outcome = 'TURNED_BACK'`,
};

/**
 * A person turns SMS that have not gone out back to e-mail. The journal keeps why they had turned to SMS.
 * @param actor `person <user>`
 */
export function turnBackAs(database: Database, actor: string): Move {
  return {
    allows: ({ sendStatus, channel, publishStatus, cycle }, seen) =>
      sendStatus === 'PENDING' && channel === 'SMS' && publishStatus !== 'HELD' && cycle === seen.cycle,
    whyNot: ({ sendStatus, channel, publishStatus }) => {
      if (sendStatus !== 'PENDING') return 'notPending';
      if (channel !== 'SMS') return 'byEmail';
      return publishStatus === 'HELD' ? 'held' : 'notPending';
    },
    make: async (standings, token) => {
      const rows = await database.query<[BillId]>(turnBack, [
        plainArray(standings.map(({ billId }) => billId)),
        plainArray(standings.map(({ cycle }) => cycle)),
        token,
        actor,
      ]);
      return new Set(rows.map(([billId]) => billId));
    },
  };
}
