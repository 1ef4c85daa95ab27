-- The channels are the list in src/channels.ts. A channel that is added there needs no migration: relay and claim take
-- channels they know and leave the others' rows alone, and `billcast doctor` reports such rows.
--
-- Dropping a constraint is quick and no older billcast misses it. The columns fallback_*, email_* and sms_* of control
-- stay for one more release, since 0.1.0 reads them; nothing else does since 006.
alter table bill_notification drop constraint if exists bill_notification_channel_check;
