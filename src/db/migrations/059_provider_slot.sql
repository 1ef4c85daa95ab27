-- Who may have how many sends open at a time, of a provider in PROVIDER_CONCURRENCY. One row per provider: it is changed as
-- a whole, so that all that is granted together never exceeds the limit.
create table provider_slot (
  name    text primary key,
  version bigint not null,
  holders jsonb not null
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
comment on table provider_slot is 'a provider, or EMAIL/provider, as PROVIDER_CONCURRENCY names it';
comment on column provider_slot.holders is 'by dispatcher and route: {want, slots, untilMs}; past untilMs its slots are free';
