select id as bill_id, customer_id as member_id, period_start as billing_month from power.invoice
