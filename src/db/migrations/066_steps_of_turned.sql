-- outside a transaction
-- Rows that went on to SMS before 065, in windows by their keys. The e-mail of their cycle has left a trace in the
-- journal only if it was tried, so every row on SMS counts as turned: it must not go back to e-mail in the same cycle.
do $$
declare
  low bigint := (select min(bill_id) from bill_notification); --
  high bigint; --
begin
  while low is not null loop
    select max(bill_id) into high
    from (select bill_id from bill_notification where bill_id >= low order by bill_id limit 20000) part; --
    update bill_notification set step = 1, passed = '{EMAIL}'
    where bill_id between low and high and channel = 'SMS' and passed is null and publish_status <> 'HELD'; --
    commit; --
    low := (select min(bill_id) from bill_notification where bill_id > high); --
  end loop; --
end $$;
