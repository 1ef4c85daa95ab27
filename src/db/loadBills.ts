import type { BillId, Claim } from '../bill.ts';
import { plainArray } from './arrays.ts';
import type { Database } from './database.ts';

/**
 * One JSON text a bill, built by the database and handed to the render threads unparsed: its shape is
 * `LoadedBill` in render/loadedBill.ts. A bill that is not this member's loads as none.
 */
const load = {
  name: 'load-bills',
  text: `
    select claim.bill_id, json_build_object(
      'billId', claim.bill_id::text,
      'memberId', claim.member_id::text,
      'cycle', claim.cycle,
      'member', case when m.id is not null then json_build_object(
        'name', m.name, 'email', m.email, 'phone', m.phone, 'address', m.address, 'grade', m.grade) end,
      'bill', case when b.id is not null then json_build_object(
        'billingMonth', b.billing_month, 'totalAmount', b.total_amount, 'vat', b.vat,
        'unpaidAmount', b.unpaid_amount, 'totalDiscountAmount', b.total_discount_amount,
        'totalBilledAmount', b.total_billed_amount, 'monthlyFee', b.monthly_fee,
        'additionalFee', b.additional_fee, 'dueDate', b.due_date, 'issuedAt', b.issued_at,
        'paymentOwnerName', b.payment_owner_name, 'paymentName', b.payment_name,
        'paymentNumber', b.payment_number) end,
      'items', coalesce(items.list, '[]'::json),
      'months', coalesce(months.list, '[]'::json))::text
    from unnest($1::bigint[], $2::bigint[], $3::int[]) as claim (bill_id, member_id, cycle)
    left join member m on m.id = claim.member_id
    left join bill b on b.id = claim.bill_id and b.member_id = claim.member_id
    left join lateral (
      select json_agg(json_build_object(
        'category', i.category, 'subcategory', i.subcategory, 'name', i.name, 'amount', i.amount)
        order by i.id) as list
      from bill_item i where i.bill_id = b.id
    ) items on true
    left join lateral (
      select json_agg(json_build_object(
        'billingMonth', p.billing_month, 'totalBilledAmount', p.total_billed_amount)
        order by p.billing_month) as list
      from bill p
      where p.member_id = b.member_id
        and p.billing_month between b.billing_month - interval '3 months' and b.billing_month
    ) months on true`,
};

/** Loads what the bills' templates show, still encrypted, as one JSON text a bill. */
export const loadBills = async (
  database: Database,
  claims: readonly Claim[],
): Promise<Map<BillId, string>> => {
  const rows = await database.query<[BillId, string]>(load, [
    plainArray(claims.map((claim) => claim.billId)),
    plainArray(claims.map((claim) => claim.memberId)),
    plainArray(claims.map((claim) => claim.cycle)),
  ]);
  return new Map(rows);
};
