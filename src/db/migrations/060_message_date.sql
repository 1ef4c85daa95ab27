-- The date that a bill's message bears in this cycle and channel. It is kept from the first hand-off on, so that a
-- message that is sent again under the same key is the same message. Null: not claimed since the migration.
alter table bill_notification add column dated_at timestamptz;
comment on column bill_notification.dated_at is 'of the message in this cycle and channel; see claimBills';
