-- Outcomes go out: to the topic, to whoever pulls the feed, to webhooks.
--
-- The statement that writes the journal owes its outcomes here too, in one row for all of its bills. One writer takes
-- these rows, after their commit, in the order of seq, and gives each outcome its number. A bill's later outcome locks
-- the row of the bill after the earlier one has committed, and draws its seq only then: so the numbers of one bill are
-- in the order in which its outcomes happened.

-- One row while outcomes go out; without it nothing is owed.
create table outcome_switch (
  only_row boolean primary key default true check (only_row),
  on_since timestamptz not null default now(),
  on_by    text not null
);

create table owed_outcome (
  seq      bigint primary key generated always as identity,
  outcome  text not null,
  state    text not null,
  bill_ids bigint[] not null,
  tokens   uuid[] not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on column owed_outcome.state is 'what the rows became, where the journal says that it was applied';
comment on column owed_outcome.tokens is 'with bill_ids and outcome: the keys of the rows in the journal';

-- The last number. Its row is locked by the writer, so that no two of them number at a time.
create table outcome_counter (
  only_row boolean primary key default true check (only_row),
  number   bigint not null
) with (fillfactor = 10);
insert into outcome_counter (number) values (0);

-- What is published: copied, because the row of the bill goes on. No name, address or number of a person.
create table outcome_feed (
  number      bigint primary key,
  bill_id     bigint not null,
  member_id   bigint,
  run         integer,
  cycle       integer not null,
  channel     text not null,
  step        smallint,
  outcome     text not null,
  applied     boolean not null,
  state       text,
  reason      text,
  provider    text,
  provider_id text,
  made_by     text not null,
  at          timestamptz not null
);
comment on column outcome_feed.step is 'null: its row had gone on before the outcome got its number, so it is not known';
comment on column outcome_feed.provider is 'null: nothing was handed off, or it is not known';
comment on column outcome_feed.at is 'when the outcome was written; numbers may be in another order than times';

-- Up to which number each partition of the topic has acknowledged.
create table outcome_cursor (
  partition integer primary key,
  number    bigint not null
) with (fillfactor = 50);
