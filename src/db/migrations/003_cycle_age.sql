-- When the cycle's first e-mail was handed off; a bill whose cycle has lasted too long is given up.
alter table bill_notification add column cycle_started_at timestamptz;
comment on column bill_notification.cycle_started_at is 'first hand-off of this cycle; null before it';
