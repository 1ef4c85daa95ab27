-- Who changed or opened what. Each row carries a hash over itself and the hash of the row before, so that a row which
-- is changed, taken out or put in shows. Names are those of people who work here, never of members.
create table access_record (
  seq        bigint primary key,
  id         uuid not null unique,
  at         timestamptz not null,
  who        text not null,
  roles      text[] not null,
  came_from  text not null,
  what       text not null,
  bill_ids   bigint[] not null,
  bills      integer not null,
  reason     text,
  result     text not null check (result in ('begun', 'done', 'refused', 'failed')),
  request_id text not null,
  hash       bytea not null
);
create index access_record_at on access_record (at);

-- The end of the chain. Its row is locked by whoever adds the next record.
create table access_chain (
  only_row boolean primary key default true check (only_row),
  seq      bigint not null,
  hash     bytea not null
);
insert into access_chain (seq, hash) values (0, '');

-- Browsers that signed in with a token. The cookie's value itself is not kept.
create table api_session (
  id_sha256    bytea primary key,
  token_sha256 text not null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null
);
