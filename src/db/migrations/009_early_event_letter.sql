-- The dead letter of an event whose row is missing goes out soon, and the event is remembered all the same: the row may
-- still come. Each step of the sweeper finds its own events without passing over the others.
alter table early_event add column lettered boolean not null default false;
comment on column early_event.lettered is 'its dead letter is owed or out (poison_record); the row may still come';
drop index early_event_oldest;
create index early_event_unlettered on early_event (received_at, id) where not lettered;
create index early_event_lettered on early_event (received_at, id) where lettered;
