import type { Database } from '../database.ts';
import { isOfMonth, joinMember } from '../source/billTables.ts';

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
    ${joinMember}
    where n.publish_status = 'HELD' and n.send_status = 'PENDING'
      and ($1::date is null or ${isOfMonth('$1')})`,
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
