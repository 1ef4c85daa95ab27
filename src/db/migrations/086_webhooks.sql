-- Where outcomes are posted to, by the Standard Webhooks specification. Each endpoint has its own cursor over the feed, so
-- none waits for another. Its secret is not kept: it is derived from WEBHOOK_KEY and salt.
create table webhook_endpoint (
  id              text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
  url             text not null,
  salt            uuid not null,
  added_at        timestamptz not null default now(),
  added_by        text not null,
  disabled_at     timestamptz,
  disabled_why    text,
  through         bigint not null,
  sending_through bigint,
  replay_after    bigint,
  replay_through  bigint,
  failures        integer not null default 0,
  failing_since   timestamptz,
  next_at         timestamptz not null default now(),
  last_answer     text,
  delivered_at    timestamptz,
  constraint replay_is_a_range check ((replay_after is null) = (replay_through is null)),
  constraint disabled_says_why check ((disabled_at is null) = (disabled_why is null))
);
comment on column webhook_endpoint.through is 'all up to this number are delivered';
comment on column webhook_endpoint.sending_through is
  'the end of the message that is being sent: after a crash the same message is sent again, under the same id';
comment on column webhook_endpoint.replay_after is 'numbers above it, up to replay_through, are delivered again first';
comment on column webhook_endpoint.failures is 'in a row; next_at says when it is tried again';
