-- Twenty customers, each with the invoice of this month. Every tenth has no e-mail address, every fourth reads English.
insert into power.customer (id, full_name, mail, mobile, street, language)
select md5('customer' || n)::uuid, 'Erika Mustermann', case when n % 10 > 0 then 'erika' || n || '@example.com' end,
       '+49 170 55501' || lpad(n::text, 2, '0'), 'Hauptstraße ' || n, case when n % 4 = 0 then 'en' else 'de' end
from generate_series(1, 20) n;

insert into power.invoice (id, customer_id, invoice_no, period_start, due_on, meter, read_from, read_to, total_cents)
select md5('invoice' || n)::uuid, md5('customer' || n)::uuid, 'E-' || to_char(current_date, 'YYYYMM') || '-' || n,
       date_trunc('month', current_date), current_date + 14, 'DE-' || 1000 + n, 100, 100 + n * 10.5, n * 420 + 990
from generate_series(1, 20) n;

insert into power.invoice_line (invoice_id, position, label, amount_cents)
select md5('invoice' || n)::uuid, part.* from generate_series(1, 20) n,
  lateral (values (1, 'Energy', n * 420::bigint), (2, 'Basic price', 990::bigint)) part (position, label, amount);
