-- What the claimed bills show: one text per bill, as src/render/bill/parseSourceBill.ts reads it. Arrays of texts:
-- PostgreSQL writes them twice as fast as objects. A bill of another member loads as none.
--
-- The chart's months are those before the bill's own, without cancelled bills: a bill that was replaced must not be
-- seen later. They are asked bill by bill, since a join could be planned as a scan of all notifications; and only if
-- the index of cancelled bills is more than its first page, which an empty one is: that is asked once per batch.
select claimed.bill_id,
  concat('[', array_to_json(array[
    claimed.bill_id::text, claimed.member_id::text, claimed.cycle::text,
    m.name, m.email, m.phone, m.address, m.grade,
    b.billing_month::text, b.total_amount::text, b.vat::text, b.unpaid_amount::text,
    b.total_discount_amount::text, b.total_billed_amount::text, b.monthly_fee::text,
    b.additional_fee::text, b.due_date::text,
    to_char(b.issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    b.payment_owner_name, b.payment_name, b.payment_number, m.language, b.currency
  ]), ',',
  array_to_json(array(
    select array[i.category, i.subcategory, i.name, i.amount::text]
    from bill_item i where i.bill_id = b.id order by i.id limit 500000)), ',',
  array_to_json(array(
    select array[p.billing_month::text, p.total_billed_amount::text]
    from bill p
    where p.member_id = b.member_id
      and p.billing_month >= b.billing_month - interval '3 months' and p.billing_month < b.billing_month
      and ((select pg_relation_size('bill_notification_cancelled') <= current_setting('block_size')::bigint)
        or (select n.cancelled_at from bill_notification n where n.bill_id = p.id and n.cancelled_at is not null)
          is null))), ']') as data,
  m.do_not_disturb_start as quiet_start, m.do_not_disturb_end as quiet_end
from claimed
left join member m on m.id = claimed.member_id
left join bill b on b.id = claimed.bill_id and b.member_id = claimed.member_id
