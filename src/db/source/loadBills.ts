import type { BillId, Claim } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/** The largest bill that is shown: room for some 30,000 items. */
export const largestBillBytes = 12_000_000;
/** More items than that has room for: a bill without end must not fill the server's memory either. */
const mostItems = 500_000;

/**
 * One text a bill, in the form that render/parseSourceBill.ts reads: arrays of texts, which PostgreSQL writes
 * twice as fast as objects. A bill that is not this member's loads as none.
 *
 * The text of a bill that is larger than asked for stays in the server, and its size comes instead. Offset 0 keeps
 * PostgreSQL from writing each text twice.
 *
 * The chart's months are those before the bill's own, without the cancelled bills: a bill that was replaced must
 * not be seen in any later one. Asked bill by bill, as a join could be planned as a scan of all notifications.
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

export interface LoadedTexts {
  /** What the bill's templates show, still encrypted; of a bill that is larger than asked for, its size only. */
  readonly text: string;
  /** The member's hours without SMS, `HH:MM:SS`. */
  readonly quietHours?: { readonly start: string; readonly end: string };
  /** Of a bill that is larger than asked for: how many bytes its text has. */
  readonly largeBytes?: number;
}

/**
 * Loads what is needed to prepare the bills, as one text per bill.
 * @param mostBytes of one bill: a larger one comes without its text
 */
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
  const mark = { text: JSON.stringify({ tooLargeBytes: largeBytes }), largeBytes: largeBytes ?? 0 };
  return quietHours === undefined ? mark : { ...mark, quietHours };
}
