select id as bill_id, holder_id as member_id, month as billing_month from bank.statement
