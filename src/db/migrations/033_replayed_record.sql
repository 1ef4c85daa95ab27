-- Who sent a record that could not be used to its topic again, and when last.
alter table poison_record add column replayed_at timestamptz, add column replayed_by text;
