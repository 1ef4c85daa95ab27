import type { Database } from '../database.ts';

/** What `publish` would release. */
export interface HeldBills {
  readonly bills: number;
  /** Of these, the bills of members whose e-mail column is empty: they go out by SMS at once. */
  readonly withoutEmail: number;
}

const countHeld = {
  name: 'count-held',
  text: `
    select count(*)::float8,
           count(*) filter (where coalesce(m.email, '') = '')::float8
    from bill_notification n
    left join member m on m.id = n.member_id
    where n.publish_status = 'HELD' and n.send_status = 'PENDING'
      and ($1::date is null or exists (
        select 1 from bill b where b.id = n.bill_id and b.billing_month = $1::date))`,
};

/**
 * Counts the held bills: a scan of all that are held, about a second per million.
 * @param month first day of the billing month as `YYYY-MM-DD`; all months if it is missing
 */
export async function countHeldBills(
  database: Database,
  { month }: { month?: string | undefined },
): Promise<HeldBills> {
  const [row] = await database.query<[number, number]>(countHeld, [month ?? null]);
  const [bills = 0, withoutEmail = 0] = row ?? [];
  return { bills, withoutEmail };
}
