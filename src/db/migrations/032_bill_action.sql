-- What people do to many bills: first looked at, then started, by one of the api processes under a lease.
--
-- COLLECTING  the bills are being looked at
-- READY       looked at; it may be started until it expires
-- RUNNING     its bills are being moved, in the order of their ids
-- STOPPING    somebody asked it to stop; the page that is being moved is finished
-- STOPPED, DONE, FAILED, EXPIRED  nothing more comes
create table bill_action (
  id             uuid primary key,
  kind           text not null,
  state          text not null default 'COLLECTING'
    check (state in ('COLLECTING', 'READY', 'RUNNING', 'STOPPING', 'STOPPED', 'DONE', 'FAILED', 'EXPIRED')),
  request        jsonb not null,
  requested_by   text not null,
  requested_at   timestamptz not null default now(),
  changed_at     timestamptz not null default now(),
  as_of          timestamptz,
  expires_at     timestamptz not null,
  selected       integer not null default 0,
  eligible       integer not null default 0,
  not_eligible   jsonb not null default '{}',
  reason         text,
  started_by     text,
  started_at     timestamptz,
  per_second     float8 check (per_second > 0),
  moved          integer not null default 0,
  skipped        integer not null default 0,
  through        bigint not null default -9223372036854775808,
  page_token     uuid,
  stopped_by     text,
  finished_at    timestamptz,
  problem        text,
  constraint started_has_reason check (state not in ('RUNNING', 'STOPPING', 'DONE') or reason is not null)
);
comment on column bill_action.through is 'bills up to this id are done';
comment on column bill_action.page_token is 'of the page that is being moved: the same page again writes nothing twice';
create index bill_action_by_time on bill_action (requested_at desc, id desc);
create index bill_action_open on bill_action (changed_at) where finished_at is null;

-- How each bill stood when it was looked at: the action moves only bills that still stand so.
create table bill_action_bill (
  action_id      uuid not null references bill_action on delete cascade,
  bill_id        bigint not null,
  send_status    text not null,
  publish_status text not null,
  publish_seq    integer not null,
  cycle          integer not null,
  token          uuid,
  channel        text not null,
  primary key (action_id, bill_id)
);
