/** SQL over the billing system's bills, for statements on `bill_notification n`; see `sourcedText.ts`. */

/**
 * The row `n` of the bill `b`. A look at each row, whatever the planner thinks: a join of a window could be
 * planned as a merge, which reads all rows before the window's first.
 */
export const withRow = `cross join lateral (
        select * from bill_notification found where found.bill_id = b.bill_id offset 0
      ) n`;

/** The bills of one month with their rows, `b` and `n`; conditions may follow. */
export function billsOfMonth(month: `$${number}`): string {
  return `source_bills b ${withRow}
      where b.billing_month = ${month}::date`;
}

/** The ids of one month's bills `b`, whether they have a row or not; conditions may follow. */
export function billIdsOfMonth(month: `$${number}`): string {
  return `select b.bill_id from source_bills b where b.billing_month = ${month}::date`;
}

/**
 * Whether the bill of a row is of this month. A look at the bill, whatever the planner thinks: `exists` could
 * become a list of the month's bills.
 */
export function isOfMonth(row: string, month: `$${number}`): string {
  return `coalesce((
            select true from source_bills b
            where b.bill_id = ${row}.bill_id and b.billing_month = ${month}::date limit 1), false)`;
}

/**
 * Whether the month of the row `n` is closed: then nothing of it may start again, since its rows may be
 * deleted at any time. It is a condition on the row in the statement that moves it, so that a month which is
 * closed at the same time is not missed.
 */
export const isInClosedMonth = `exists (
        select 1 from source_bills closed_bill join closed_month c on c.billing_month = closed_bill.billing_month
        where closed_bill.bill_id = n.bill_id)`;

/** The bill of the row `n`, as `b`; nulls if the billing batch wrote none. */
export const joinBill = 'left join source_bills b on b.bill_id = n.bill_id';

/** The member of the row `n`, as `m`; nulls if the billing batch wrote none. */
export const joinMember = 'left join source_members m on m.member_id = n.member_id';
