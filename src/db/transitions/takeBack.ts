import type { Statement } from '../database.ts';

/**
 * The two transitions of bills whose owner is gone, for the bills that a `held (bill_id, token)` relation names:
 * found by id and token, never by state, so that no index on the state is needed. Each returns one row with the
 * count of bills it moved.
 */

/** Many batches at once, each in an order of its own: locked in ascending order of ids, as by every statement. */
function lockedIn(sendStatus: 'SENDING' | 'SENT'): string {
  return `locked as (
      select n.bill_id, held.token
      from bill_notification n join held on n.bill_id = held.bill_id and n.claim_token = held.token
      where n.send_status = '${sendStatus}'
      order by n.bill_id
      for no key update of n
    )`;
}

/** State table: SENDING, its dispatcher is dead -> PENDING. */
export function takeBackHeld(name: string, held: string): Statement {
  return {
    name,
    text: `${held}, ${lockedIn('SENDING')}, taken_back as (
      update bill_notification n
      set send_status = 'PENDING', claim_token = null, not_before = now(), changed_at = now(),
          publish_status = 'PENDING', publish_seq = publish_seq + 1
      from locked
      where n.bill_id = locked.bill_id and n.claim_token = locked.token and n.send_status = 'SENDING'
      returning n.bill_id
    )
    select count(*)::int from taken_back`,
  };
}

/**
 * State table: SENT, owner gone or older than the limit -> IN_DOUBT; journalled, as nobody else will.
 * @param actor the number of the parameter that says who doubts
 */
export function doubtHeld(name: string, held: string, actor: `$${number}`): Statement {
  return {
    name,
    text: `${held}, ${lockedIn('SENT')}, doubted as (
      update bill_notification n
      set send_status = 'IN_DOUBT', in_doubt_at = now(), not_before = '-infinity', changed_at = now(),
          reason = 'OWNER_GONE'
      from locked
      where n.bill_id = locked.bill_id and n.claim_token = locked.token and n.send_status = 'SENT'
      returning n.bill_id, n.claim_token, n.cycle, n.channel, n.handed_off_at
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, claim_token, 'UNKNOWN', cycle, channel, true, 'OWNER_GONE', ${actor}, handed_off_at, now()
      from doubted
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select count(*)::int from doubted`,
  };
}
