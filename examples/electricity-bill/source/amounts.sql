select id as bill_id, total_cents as amount, null::text as currency from power.invoice
