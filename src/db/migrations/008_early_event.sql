-- Events that came before the row of their bill was there, byte for byte. They wake the bill when its row comes, or
-- become dead letters (BILL_UNKNOWN) after EARLY_EVENT_MAX_MS.
create table early_event (
  id          bigint generated always as identity primary key,
  topic       text not null,
  partition   integer not null,
  "offset"    bigint not null,
  recorded_ms float8 not null,
  bill_id     bigint not null,
  member_id   bigint not null,
  key         bytea,
  value       bytea,
  received_at timestamptz not null default now(),
  unique (topic, partition, "offset", recorded_ms)
);
create index early_event_oldest on early_event (received_at, id);
create index early_event_of_bill on early_event (bill_id);
comment on column early_event.recorded_ms is 'the record''s own timestamp, ms since 1970, as Kafka gave it';
