-- outside a transaction
-- Bills that failed before 040 get the time of their last change, in windows by their keys. The rolling count does the
-- same for rows that an older billcast or a billing batch writes.
do $$
declare
  low bigint := (select min(bill_id) from bill_notification); --
  high bigint; --
begin
  while low is not null loop
    select max(bill_id) into high
    from (select bill_id from bill_notification where bill_id >= low order by bill_id limit 20000) part; --
    update bill_notification set failed_at = changed_at
    where bill_id between low and high and send_status = 'FAILED' and failed_at is null; --
    commit; --
    low := (select min(bill_id) from bill_notification where bill_id > high); --
  end loop; --
end $$;

-- It has the reason since refused bills write that only with other indexed columns. The rest is there so that groups
-- and counts need no look at the rows.
create index concurrently if not exists bill_notification_failed
  on bill_notification (reason, failed_at) include (bill_id, channel, publish_status, retransmit_at)
  where failed_at is not null;
