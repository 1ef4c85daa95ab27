-- How far each rehearsal has come, so that every process can say it. The runs are made by a later file.
create table rehearsal (
  run         integer primary key,
  facts       jsonb not null,
  changed_at  timestamptz not null default now()
);
comment on column rehearsal.run is 'run.number';
comment on column rehearsal.facts is 'its counts so far, and how it ended';
comment on column rehearsal.changed_at is 'while somebody works on it, every few seconds';
