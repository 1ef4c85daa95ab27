-- What a template was made of, by the hash of the files of one language: a proof prints a bill again from it.
create table template_version (
  hash          text primary key check (hash ~ '^[0-9a-f]{64}$'),
  name          text not null,
  language      text not null,
  files         jsonb not null,
  first_seen_at timestamptz not null default now()
);
comment on column template_version.files is 'the text of each file by its path in the folder of the template';
alter table dispatcher add column template_version text;
comment on column dispatcher.template_version is 'of the template that it prints with; null: an older billcast';
