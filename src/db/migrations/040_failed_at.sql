-- When a bill became FAILED; null in every other state. The path of a bill that is accepted never writes it, so an
-- index may have it.
alter table bill_notification add column failed_at timestamptz;
comment on column bill_notification.failed_at is 'set while FAILED; set and cleared with the state';
