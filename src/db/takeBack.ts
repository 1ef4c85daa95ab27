import type { Statement } from './database.ts';

/**
 * The two transitions of bills whose owner is gone, for the bills that a `held (bill_id, token)` relation names:
 * found by id and token, never by state, so that no index on the state is needed. Each returns one row with the
 * count of bills it moved.
 */

/** State table: SENDING, its dispatcher is dead -> PENDING. */
export const takeBackHeld = (name: string, held: string): Statement => ({
  name,
  text: `${held}, taken_back as (
      update bill_notification n
      set send_status = 'PENDING', claim_token = null, not_before = '-infinity', changed_at = now(),
          publish_status = 'PENDING', publish_seq = publish_seq + 1
      from held
      where n.bill_id = held.bill_id and n.claim_token = held.token and n.send_status = 'SENDING'
      returning n.bill_id
    )
    select count(*)::int from taken_back`,
});

/**
 * State table: SENT, owner gone or older than the limit -> IN_DOUBT; journalled, as nobody else will.
 * @param actor the number of the parameter that says who doubts
 */
export const doubtHeld = (name: string, held: string, actor: `$${number}`): Statement => ({
  name,
  text: `${held}, doubted as (
      update bill_notification n
      set send_status = 'IN_DOUBT', in_doubt_at = now(), not_before = '-infinity', changed_at = now(),
          reason = 'OWNER_GONE'
      from held
      where n.bill_id = held.bill_id and n.claim_token = held.token and n.send_status = 'SENT'
      returning n.bill_id, n.claim_token, n.cycle, n.channel, n.handed_off_at
    ), journalled as (
      insert into delivery_attempt
        (bill_id, claim_token, outcome, cycle, channel, applied, reason, actor, started_at, finished_at)
      select bill_id, claim_token, 'UNKNOWN', cycle, channel, true, 'OWNER_GONE', ${actor}, handed_off_at, now()
      from doubted
      on conflict (bill_id, claim_token, outcome) do nothing
    )
    select count(*)::int from doubted`,
});
