import type { BillId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { isOfMonth } from '../source/billTables.ts';

/** FAILED bills that have the same reason. */
export interface FailureGroup {
  readonly reason: string;
  readonly count: number;
  /** Of these, bills that start over by themselves. */
  readonly retransmissions: number;
  /** When the first and the last of them failed. */
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** A few of them, the newest ids. */
  readonly sample: readonly BillId[];
}

const group = {
  name: 'group-failures',
  text: `
    select coalesce(n.reason, 'UNKNOWN'), count(*)::int, count(n.retransmit_at)::int,
           min(n.changed_at), max(n.changed_at),
           (array_agg(n.bill_id::text order by n.bill_id desc))[1:5]
    from bill_notification n
    where n.send_status = 'FAILED'
      and ($1::date is null or ${isOfMonth('$1')})
    group by 1
    order by 2 desc, 1`,
};

/**
 * Groups the FAILED bills by reason, the largest group first: a scan of all notifications.
 * @param month first day of the billing month as `YYYY-MM-DD`; all months if it is missing
 */
export async function groupFailures(
  database: Database,
  { month }: { readonly month?: string | undefined },
): Promise<FailureGroup[]> {
  const rows = await database.query<[string, number, number, Date, Date, BillId[]]>(group, [month ?? null]);
  return rows.map(([reason, count, retransmissions, firstAt, lastAt, sample]) => ({
    reason,
    count,
    retransmissions,
    firstAt,
    lastAt,
    sample,
  }));
}
