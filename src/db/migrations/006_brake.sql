-- One brake per channel, over the whole cluster. The row stays when the brake is released: who released it, and when.
--
-- kind            null: off. unreachable, unknown and settings end with a trial that is accepted; refusals and smsTurns
--                 are for a person, and hold back every channel
-- next_trial_at   when the next real bill may be tried, one at a time over the cluster
-- released_at     outcomes of before count no more
create table brake (
  channel       text primary key,
  kind          text check (kind in ('unreachable', 'unknown', 'settings', 'refusals', 'smsTurns')),
  cause         text,
  since         timestamptz,
  set_by        text,
  trials        integer not null default 0,
  next_trial_at timestamptz,
  trial_by      uuid,
  released_at   timestamptz,
  released_by   text,
  release_reason text,
  constraint brake_is_signed check ((kind is null) = (since is null) and (kind is null) = (set_by is null))
);

-- What bills came to lately: one row for each dispatcher, channel and five seconds, kept for two minutes.
create table channel_outcome (
  dispatcher  uuid not null,
  channel     text not null,
  bucket      integer not null,
  at          timestamptz not null default now(),
  accepted    integer not null,
  refused     integer not null,
  unknown     integer not null,
  unreachable integer not null,
  settings    integer not null,
  turned      integer not null,
  limited     integer not null,
  -- What the provider's 429 leave this dispatcher, in bills per second; null: no limit.
  pace        double precision,
  pace_cause  text,
  pace_since  timestamptz,
  primary key (dispatcher, channel, bucket)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
create index channel_outcome_lately on channel_outcome (channel, at);
comment on column channel_outcome.turned is 'e-mails that turned to SMS without being sent: no usable address';
comment on column channel_outcome.limited is 'answers 429: they set the pace and are not bad';

-- The share of SMS that a person expects of a month. The month that was published last sets the limit.
create table sms_expectation (
  billing_month date primary key check (extract(day from billing_month) = 1),
  sms_share     double precision check (sms_share between 0 and 1),
  published_at  timestamptz not null
);

-- What the switches of before have stopped stays stopped.
insert into brake (channel, kind, cause, since, set_by, next_trial_at)
select 'EMAIL', 'settings', email_stop_reason, email_stopped_at, email_stopped_by, now()
from control where email_stopped_at is not null and fallback_stopped_at is null
union all
select 'EMAIL', 'refusals', fallback_stop_reason, fallback_stopped_at, fallback_stopped_by, null
from control where fallback_stopped_at is not null
union all
select 'SMS', 'settings', sms_stop_reason, sms_stopped_at, sms_stopped_by, now()
from control where sms_stopped_at is not null;

comment on column control.fallback_stopped_at is 'not used any more, as all of fallback_*, email_* and sms_*: see brake';
