-- A poison record may stand for a whole record batch that was not read: which one, as JSON.
alter table poison_record add column batch jsonb;
-- Bytes of key and value that were not kept, because they are too many or the database refuses them.
alter table poison_record add column missing_bytes bigint;
