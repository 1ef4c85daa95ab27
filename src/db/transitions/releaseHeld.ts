import type { BillId } from '../../bill.ts';
import type { Database, Statement } from '../database.ts';
import { beforeAllBills } from '../sql.ts';

/** Which held bills are let go. */
export interface ReleaseOptions {
  /** First day of the billing month as `YYYY-MM-DD`; all months if it is missing. */
  readonly month?: string | undefined;
  /** Their events go out from then on; if it is missing, from the time that the batch wrote into the row. */
  readonly notBefore?: Date | undefined;
}

/**
 * Lets held bills go in the order of their ids: the relay will publish them. It goes on behind the last one, so that
 * it does not read again and again what it has let go already.
 */
export interface Release {
  /** @returns how many were let go, at most `limit`; fewer at the end, after which it begins again */
  next(limit: number): Promise<number>;
}

/** Of all months: by the index of what is held. */
const allHeld = `
      select n.bill_id from bill_notification n
      where n.publish_status = 'HELD' and n.send_status = 'PENDING' and n.bill_id > $2::bigint
      order by n.bill_id
      limit $3
      for update of n skip locked`;

/** Of one month: by its bills. The index of what is held has the bills of all other months too. */
const heldOfMonth = `
      select n.bill_id from bill b join bill_notification n on n.bill_id = b.id
      where b.billing_month = $4::date and b.id > $2::bigint
        and n.publish_status = 'HELD' and n.send_status = 'PENDING'
      order by b.id
      limit $3
      for update of n skip locked`;

function release(name: string, held: string): Statement {
  return {
    name,
    text: `
    with held as (${held}
    ), released as (
      update bill_notification n
      set publish_status = 'PENDING', publish_seq = n.publish_seq + 1, changed_at = now(),
          not_before = coalesce($1::timestamptz, n.not_before)
      from held where n.bill_id = held.bill_id
      returning n.bill_id
    )
    select count(*)::int, max(bill_id) from released`,
  };
}

const releaseAll = release('let-go', allHeld);
const releaseMonth = release('let-go-month', heldOfMonth);

export function createRelease(database: Database, { month, notBefore }: ReleaseOptions = {}): Release {
  let after: string = beforeAllBills;
  return {
    async next(limit) {
      const values = [notBefore ?? null, after, limit];
      const [[count, last] = [0, null]] = await (month === undefined
        ? database.query<[number, BillId | null]>(releaseAll, values)
        : database.query<[number, BillId | null]>(releaseMonth, [...values, month]));
      after = count < limit || last === null ? beforeAllBills : last;
      return count;
    },
  };
}
