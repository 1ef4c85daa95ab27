-- What people are told, by e-mail and in a chat. There is a row per event and target: it is written once, and sent until the
-- target takes it. Nothing waits for it.
create table notice (
  id          bigint primary key generated always as identity,
  key         text not null,
  target      text not null check (target in ('MAIL', 'CHAT')),
  kind        text not null,
  subject     text not null,
  at          timestamptz not null,
  title       text not null,
  lines       text[] not null,
  path        text not null,
  attempts    integer not null default 0,
  next_at     timestamptz not null default now(),
  sent_at     timestamptz,
  given_up_at timestamptz,
  problem     text,
  unique (key, target)
);
comment on column notice.key is 'the event that it tells: it is told once';
comment on column notice.subject is 'a run or a channel; of one kind about one subject few messages are sent';
comment on column notice.next_at is 'not tried before; moved on before each try, so that two processes do not send the same';
create index notice_by_subject on notice (target, kind, subject, sent_at);

-- Events are found by their time.
create index run_event_by_time on run_event (at);
