-- How long sending was tried in this cycle: attempts and their back-off. Pauses, brakes, quiet hours and doubt do not count.
alter table bill_notification add column tried_ms double precision not null default 0;
comment on column bill_notification.tried_ms is 'time in which sending was tried in this cycle, ms; see CYCLE_MAX_AGE_MS';
comment on column bill_notification.cycle_started_at is 'not used any more: see tried_ms';
