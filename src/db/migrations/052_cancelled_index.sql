-- outside a transaction
-- Bills that were cancelled before 051 get the time of their last change, as 041 did for failed ones. The rolling count
-- does the same for rows that an older billcast or a billing batch writes.
do $$
declare
  low bigint := (select min(bill_id) from bill_notification); --
  high bigint; --
begin
  while low is not null loop
    select max(bill_id) into high
    from (select bill_id from bill_notification where bill_id >= low order by bill_id limit 20000) part; --
    update bill_notification set cancelled_at = changed_at
    where bill_id between low and high and send_status = 'CANCELLED' and cancelled_at is null; --
    commit; --
    low := (select min(bill_id) from bill_notification where bill_id > high); --
  end loop; --
end $$;

-- Each bill that is loaded asks whether the bills of its chart are cancelled. This index is small, often empty, so the
-- answer needs no look at their rows.
create index concurrently if not exists bill_notification_cancelled on bill_notification (bill_id)
  where cancelled_at is not null;
