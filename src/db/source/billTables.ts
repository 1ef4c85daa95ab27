/**
 * SQL over the billing batch's tables (`member`, `bill`, `bill_item`), for statements on `bill_notification
 * n`. Together with the other files of this folder it is all that knows their columns, so billcast can run on
 * other tables.
 */

/** The bills of one month with their rows, `b` and `n`; conditions may follow. */
export function billsOfMonth(month: `$${number}`): string {
  return `bill b join bill_notification n on n.bill_id = b.id
      where b.billing_month = ${month}::date`;
}

/** The ids of one month's bills, as `id`, whether they have a row or not; conditions may follow. */
export function billIdsOfMonth(month: `$${number}`): string {
  return `select b.id from bill b where b.billing_month = ${month}::date`;
}

/** Whether the bill of the row `n` is of this month. */
export function isOfMonth(month: `$${number}`): string {
  return `exists (
        select 1 from bill b where b.id = n.bill_id and b.billing_month = ${month}::date)`;
}

/**
 * Whether the month of the row `n` is closed: nothing of it may start again, since its rows may be deleted at
 * any time. A condition on the row of the statement that moves it, so that a month which is closed meanwhile
 * is not missed.
 */
export const isInClosedMonth = `exists (
        select 1 from bill closed_bill join closed_month c on c.billing_month = closed_bill.billing_month
        where closed_bill.id = n.bill_id)`;

/** The bill of the row `n`, as `b`; nulls if the batch has none. */
export const joinBill = 'left join bill b on b.id = n.bill_id';

/** The member of the row `n`, as `m`; nulls if the batch has none. */
export const joinMember = 'left join member m on m.id = n.member_id';
