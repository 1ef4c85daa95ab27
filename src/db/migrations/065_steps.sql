-- Channels are an ordered list (CHANNELS). A row says which step of its cycle it is on, and which channels the cycle
-- has left: it never comes back to one of them, whatever CHANNELS says by then. Neither column is written on the path
-- of a bill that is accepted by its first channel.
--
-- Rows that turned to SMS before keep step 0: with EMAIL,SMS they have nowhere to go on, so nothing depends on it.
-- 066 corrects them.
alter table bill_notification add column step smallint not null default 0;
alter table bill_notification add column passed text[];
comment on column bill_notification.step is 'how many channels this cycle has left; changes together with channel';
comment on column bill_notification.passed is 'these channels, in their order; null: none';
