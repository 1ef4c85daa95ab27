import type { BillId, Claim } from '../bill.ts';
import { plainArray } from './arrays.ts';
import type { Database } from './database.ts';

/**
 * One text a bill, in the form that render/parseLoadedBill.ts reads: arrays of texts, which PostgreSQL writes
 * twice as fast as objects. A bill that is not this member's loads as none.
 *
 * The chart's months are those before the bill's own, without the cancelled bills: a bill that was replaced must
 * not be seen in any later one.
 */
const load = {
  name: 'load-bills',
  text: `
    select claim.bill_id, concat('[', array_to_json(array[
        claim.bill_id::text, claim.member_id::text, claim.cycle::text,
        m.name, m.email, m.phone, m.address, m.grade,
        b.billing_month::text, b.total_amount::text, b.vat::text, b.unpaid_amount::text,
        b.total_discount_amount::text, b.total_billed_amount::text, b.monthly_fee::text,
        b.additional_fee::text, b.due_date::text,
        to_char(b.issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        b.payment_owner_name, b.payment_name, b.payment_number
      ]), ',',
      array_to_json(array(
        select array[i.category, i.subcategory, i.name, i.amount::text]
        from bill_item i where i.bill_id = b.id order by i.id)), ',',
      array_to_json(array(
        select array[p.billing_month::text, p.total_billed_amount::text]
        from bill p
        where p.member_id = b.member_id
          and p.billing_month >= b.billing_month - interval '3 months' and p.billing_month < b.billing_month
          and not exists (
            select from bill_notification n where n.bill_id = p.id and n.send_status = 'CANCELLED')
        order by p.billing_month, p.id)), ']'),
      m.do_not_disturb_start::text, m.do_not_disturb_end::text
    from unnest($1::bigint[], $2::bigint[], $3::int[]) as claim (bill_id, member_id, cycle)
    left join member m on m.id = claim.member_id
    left join bill b on b.id = claim.bill_id and b.member_id = claim.member_id`,
};

export interface LoadedTexts {
  /** What the bill's templates show, still encrypted. */
  readonly text: string;
  /** The member's hours without SMS, `HH:MM:SS`. */
  readonly quietHours?: { readonly start: string; readonly end: string };
}

/** Loads what is needed to prepare the bills, as one text a bill. */
export const loadBills = async (
  database: Database,
  claims: readonly Claim[],
): Promise<Map<BillId, LoadedTexts>> => {
  const rows = await database.query<[BillId, string, string | null, string | null]>(load, [
    plainArray(claims.map((claim) => claim.billId)),
    plainArray(claims.map((claim) => claim.memberId)),
    plainArray(claims.map((claim) => claim.cycle)),
  ]);
  return new Map(
    rows.map(([billId, text, start, end]) => [
      billId,
      start === null || end === null ? { text } : { text, quietHours: { start, end } },
    ]),
  );
};
