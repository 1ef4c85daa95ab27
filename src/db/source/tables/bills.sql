-- Which bills there are, with their members and months.
select id as bill_id, member_id, billing_month from bill
