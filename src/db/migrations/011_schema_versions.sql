-- Which migrations a billcast that does not know them can run on. A migration that only adds (a table, a column with a
-- default, an index) is compatible; one that removes or renames what an older billcast uses says `-- incompatible`.
alter table schema_migration add column compatible boolean not null default true;
comment on column schema_migration.compatible is 'false: a billcast that does not know this one must not run';
