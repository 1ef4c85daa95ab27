import type { BillId, Claim } from '../bill.ts';
import { plainArray } from './arrays.ts';
import type { Database } from './database.ts';

/** Of one bill: room for some 30,000 items. */
const mostBillBytes = 12_000_000;
/** Of the bills of one call. 500 ordinary ones are 1 MB. */
const mostBytes = 4_194_304;
/** More items than `mostBillBytes` has room for: a bill without end must not fill the server's memory either. */
const mostItems = 500_000;

/**
 * One text a bill, in the form that render/parseLoadedBill.ts reads: arrays of texts, which PostgreSQL writes
 * twice as fast as objects. A bill that is not this member's loads as none.
 *
 * The text of a bill that is too large stays in the server, and a mark with its size comes instead. Bills come in the
 * order in which they are asked for, the first one and as many as there is room for.
 *
 * The chart's months are those before the bill's own, without the cancelled bills: a bill that was replaced must
 * not be seen in any later one. Asked bill by bill, as a join could be planned as a scan of all notifications.
 */
const load = {
  name: 'load-bills',
  text: `
    with loaded as materialized (
    select claim.nth, claim.bill_id, concat('[', array_to_json(array[
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
        from bill_item i where i.bill_id = b.id order by i.id limit ${mostItems})), ',',
      array_to_json(array(
        select array[p.billing_month::text, p.total_billed_amount::text]
        from bill p
        where p.member_id = b.member_id
          and p.billing_month >= b.billing_month - interval '3 months' and p.billing_month < b.billing_month
          and (select n.send_status from bill_notification n where n.bill_id = p.id)
            is distinct from 'CANCELLED')), ']') as text,
      m.do_not_disturb_start::text as quiet_start, m.do_not_disturb_end::text as quiet_end
    from unnest($1::bigint[], $2::bigint[], $3::int[]) with ordinality as claim (bill_id, member_id, cycle, nth)
    left join member m on m.id = claim.member_id
    left join bill b on b.id = claim.bill_id and b.member_id = claim.member_id
    ), sized as (
      select *, octet_length(text) as bytes,
        sum(case when octet_length(text) <= $4 then octet_length(text) else 0 end) over (order by nth) as total
      from loaded
    )
    select bill_id,
      case when bytes <= $4 then text else json_build_object('tooLargeBytes', bytes)::text end,
      quiet_start, quiet_end
    from sized where nth = 1 or total <= $5
    order by nth`,
};

export interface LoadedTexts {
  /** What the bill's templates show, still encrypted. */
  readonly text: string;
  /** The member's hours without SMS, `HH:MM:SS`. */
  readonly quietHours?: { readonly start: string; readonly end: string };
}

/** Loads what is needed to prepare the bills, as one text per bill: of all of them, or of the first ones that fit. */
export const loadBills = async (
  database: Database,
  claims: readonly Claim[],
  { bytes = mostBytes }: { bytes?: number } = {},
): Promise<Map<BillId, LoadedTexts>> => {
  const rows = await database.query<[BillId, string, string | null, string | null]>(load, [
    plainArray(claims.map((claim) => claim.billId)),
    plainArray(claims.map((claim) => claim.memberId)),
    plainArray(claims.map((claim) => claim.cycle)),
    mostBillBytes,
    bytes,
  ]);
  return new Map(
    rows.map(([billId, text, start, end]) => [
      billId,
      start === null || end === null ? { text } : { text, quietHours: { start, end } },
    ]),
  );
};
