-- What each bill asks for, for sums over many bills.
select id as bill_id, total_billed_amount as amount, currency from bill
