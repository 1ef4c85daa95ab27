-- outside a transaction
-- For a search for failed bills, page by page in the order of their ids.
create index concurrently if not exists bill_notification_failed_id on bill_notification (bill_id)
  where failed_at is not null;
