-- Addresses that nothing is sent to any more, by a keyed hash. A member's present address is compared with it before the
-- hand-off, so a new address is tried.
create table suppression (
  id           bigint generated always as identity,
  channel      text not null,
  address_hash text not null,
  member_id    bigint not null,
  bill_id      bigint not null,
  reason       text not null check (reason in ('bounced_hard', 'complained', 'manual')),
  note         text,
  added_at     timestamptz not null default now(),
  added_by     text not null,
  lifted_at    timestamptz,
  lifted_by    text,
  primary key (channel, address_hash)
);
comment on column suppression.bill_id is 'the bill that told';
comment on column suppression.lifted_at is 'the address is tried again since; a later bounce suppresses it again';
create unique index suppression_id on suppression (id);
create index suppression_added on suppression (added_at);
create index suppression_member on suppression (member_id);
