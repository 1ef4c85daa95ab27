-- Finds members by an e-mail address or a phone number that a person types: keyed hashes, which reveal neither. A paced
-- walk over the members fills it; the path of a bill neither reads nor writes it.
create table contact_index (
  member_id bigint not null,
  contact   text not null,
  hash      bytea not null,
  primary key (member_id, contact)
);
create index contact_index_hash on contact_index (hash);

create table contact_walk (
  is_only        boolean primary key default true check (is_only),
  last_member_id bigint not null,
  began_at       timestamptz not null,
  finished_at    timestamptz
);
comment on column contact_walk.finished_at is 'when all members were looked at last';
