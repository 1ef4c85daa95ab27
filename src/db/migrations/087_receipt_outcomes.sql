-- Receipts go out too. They have no row in the journal: bill, cycle, channel and the kind in the outcome are their key.
alter table owed_outcome alter column state drop not null;
alter table owed_outcome alter column tokens drop not null;
alter table owed_outcome add column cycles integer[];
alter table owed_outcome add column channels text[];
alter table owed_outcome add constraint owed_outcome_has_keys
  check ((tokens is not null) <> (cycles is not null and channels is not null));
comment on column owed_outcome.cycles is 'with bill_ids, channels and the kind in outcome: the keys of receipts';
