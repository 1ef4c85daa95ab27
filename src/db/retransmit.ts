import type { Database } from './database.ts';

/**
 * State table: FAILED, its dead letter acknowledged, due, cycle < maximum -> PENDING, channel EMAIL, next cycle.
 */
const retransmit = {
  name: 'retransmit-due',
  text: `
    with due as (
      select bill_id from bill_notification
      where retransmit_at <= now() and publish_status = 'PUBLISHED' and cycle < $1
      order by retransmit_at
      limit $2
      for update skip locked
    )
    update bill_notification n
    set send_status = 'PENDING', channel = 'EMAIL', cycle = n.cycle + 1, attempts = 0, retransmit_at = null,
        cycle_started_at = null,
        not_before = '-infinity', changed_at = now(), publish_status = 'PENDING', publish_seq = n.publish_seq + 1
    from due
    where n.bill_id = due.bill_id and n.send_status = 'FAILED' and n.publish_status = 'PUBLISHED'
      and n.retransmit_at <= now() and n.cycle < $1
    returning n.bill_id`,
};

/** Starts the next cycle of failed bills that are due; returns how many, at most `limit`. */
export const retransmitDue = async (
  database: Database,
  { maxCycles, limit }: { maxCycles: number; limit: number },
): Promise<number> => (await database.query(retransmit, [maxCycles, limit])).length;
