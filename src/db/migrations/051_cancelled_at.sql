-- When a bill became CANCELLED; null in every other state. The path of a bill never writes it, so an index may have it.
alter table bill_notification add column cancelled_at timestamptz;
comment on column bill_notification.cancelled_at is 'set while CANCELLED, which is final';
