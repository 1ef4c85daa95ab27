-- Up to when the sends of a rate in PROVIDER_RATES are reserved. Not logged: it changes ten times per second, a commit must
-- wait for no disk or standby, and what a crash forgets is over before the server is back.
create unlogged table provider_rate (
  name    text primary key,
  next_at timestamptz not null
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
comment on table provider_rate is 'a provider, or EMAIL/provider, as PROVIDER_RATES names it';
