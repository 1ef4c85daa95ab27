-- Twenty account holders with the statement of this month: dollars, or Kuwaiti dinars with three decimals.
insert into bank.holder (id, name, email, phone)
select n, 'Ada Lovelace', case when n % 10 > 0 then 'ada' || n || '@example.com' end, '+1 415 555 01' || lpad(n::text, 2, '0')
from generate_series(1, 20) n;

insert into bank.statement (id, holder_id, month, account_number, currency, opening_balance, closing_balance)
select 5000 + n, n, date_trunc('month', current_date), '1000-2000-' || 3000 + n, case when n % 5 = 0 then 'KWD' else 'USD' end,
       100000, 100000 + n * 1250 - 4999
from generate_series(1, 20) n;

insert into bank.booking (id, statement_id, booked_on, text, amount)
select n * 10 + part.nth, 5000 + n, current_date, part.text, part.amount from generate_series(1, 20) n,
  lateral (values (1, 'Salary', n * 1250::bigint), (2, 'Card payment', -4999::bigint)) part (nth, text, amount);
