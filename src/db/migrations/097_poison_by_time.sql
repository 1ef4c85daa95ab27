-- outside a transaction
-- For the list of records that could not be used, page by page, the newest first.
create index concurrently if not exists poison_record_by_time
  on poison_record (received_at, topic, partition, "offset");
