-- Messages that settle no bill: of rehearsals, and to seed addresses. No bill changes by them. A row is written before its
-- message is sent. After a crash nobody knows whether a message that is SENDING went out, so it is not sent again.
create table test_send (
  run         integer not null references run,
  key_suffix  text not null,
  bill_id     bigint not null,
  channel     text not null,
  provider    text not null,
  sender      uuid not null,
  outcome     text not null default 'SENDING' check (outcome in ('SENDING', 'ACCEPTED', 'REFUSED', 'NOT_SENT', 'UNKNOWN')),
  reason      text,
  provider_id text,
  begun_at    timestamptz not null default now(),
  ended_at    timestamptz,
  primary key (run, key_suffix, bill_id, channel),
  constraint test_send_has_ended check ((outcome = 'SENDING') = (ended_at is null))
);
comment on column test_send.key_suffix is 'the key is <bill_id>:<channel>:0:<key_suffix>: rehearsal:<run>, or seed:<run>:<time>-<address>';
comment on column test_send.sender is 'the process that sends it';
