import type { BillId, Claim } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import { type LoadedTexts, largestBillBytes, tooLargeText } from './billLoader.ts';

/** More than the largest bill has room for: a bill without end must not fill the server's memory either. */
const mostItems = 500_000;

/**
 * One text per bill. Arrays of texts: PostgreSQL writes them twice as fast as objects. A bill of another
 * member loads as none. Offset 0 keeps PostgreSQL from writing each text twice.
 *
 * The chart's months are those before the bill's own, without cancelled bills: a bill that was replaced must
 * not be seen later. They are asked bill by bill, since a join could be planned as a scan of all
 * notifications.
 */
const load = {
  name: 'load-bills',
  text: `
    select bill_id, case when octet_length(text) <= $4 then text end, quiet_start, quiet_end,
      case when octet_length(text) > $4 then octet_length(text) end
    from (
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
        from bill_item i where i.bill_id = b.id order by i.id limit ${mostItems})), ',',
      array_to_json(array(
        select array[p.billing_month::text, p.total_billed_amount::text]
        from bill p
        where p.member_id = b.member_id
          and p.billing_month >= b.billing_month - interval '3 months' and p.billing_month < b.billing_month
          and (select n.send_status from bill_notification n where n.bill_id = p.id)
            is distinct from 'CANCELLED')), ']') as text,
      m.do_not_disturb_start::text as quiet_start, m.do_not_disturb_end::text as quiet_end
    from unnest($1::bigint[], $2::bigint[], $3::int[]) as claim (bill_id, member_id, cycle)
    left join member m on m.id = claim.member_id
    left join bill b on b.id = claim.bill_id and b.member_id = claim.member_id
    offset 0
    ) loaded`,
};

/** From the tables `member`, `bill` and `bill_item`. */
export async function loadBills(
  database: Database,
  claims: readonly Claim[],
  mostBytes: number = largestBillBytes,
): Promise<Map<BillId, LoadedTexts>> {
  const rows = await database.query<Row>(load, [
    plainArray(claims.map((claim) => claim.billId)),
    plainArray(claims.map((claim) => claim.memberId)),
    plainArray(claims.map((claim) => claim.cycle)),
    mostBytes,
  ]);
  return new Map(rows.map((row) => [row[0], textsOf(row)]));
}

type Row = [
  billId: BillId,
  text: string | null,
  quietStart: string | null,
  quietEnd: string | null,
  largeBytes: number | null,
];

function textsOf([, text, start, end, largeBytes]: Row): LoadedTexts {
  const quietHours = start === null || end === null ? undefined : { start, end };
  if (text !== null) return quietHours === undefined ? { text } : { text, quietHours };
  const bytes = largeBytes ?? 0;
  const mark = { text: tooLargeText(bytes), largeBytes: bytes };
  return quietHours === undefined ? mark : { ...mark, quietHours };
}
