-- What a member was sent can be proved later without keeping it: a keyed hash per attempt, and what it was printed with.
-- docs/proof.md says what is hashed. Null: the message was made before this, or whoever wrote the entry did not have it.
alter table delivery_attempt add column content_hash bytea check (octet_length(content_hash) = 40);
comment on column delivery_attempt.content_hash is '8 bytes: the id of content_edition; 24: keyed hash of what the message says; 8: of that and the address';

create table content_edition (
  id            bytea primary key check (octet_length(id) = 8),
  encoding      integer not null,
  template      text not null,
  language      text not null,
  program       text not null,
  time_zone     text not null,
  currency      text not null,
  has_link      boolean not null,
  key_id        text not null,
  key_check     text not null,
  first_seen_at timestamptz not null default now()
);
comment on table content_edition is 'what messages were printed with, beside the values of a bill';
comment on column content_edition.template is 'the hash of a template_version';
comment on column content_edition.key_id is 'of CIPHER_KEYS; the hash can be made again only with it';
comment on column content_edition.key_check is 'tells two keys of that id apart';
