/**
 * Whether the month of the row `n` is closed: nothing of it may start again, since its rows may be deleted at any time.
 * A condition on the row of the statement that moves it, so that a month which is closed meanwhile is not missed.
 */
export const isInClosedMonth = `exists (
        select 1 from bill closed_bill join closed_month c on c.billing_month = closed_bill.billing_month
        where closed_bill.id = n.bill_id)`;
