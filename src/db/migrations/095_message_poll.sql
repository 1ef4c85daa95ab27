-- A provider that tells of single messages is asked about one bill after the other, in passes over all bills.
alter table receipt_poll add column pass_until timestamptz;
alter table receipt_poll add column last_bill_id bigint;
comment on column receipt_poll.pass_until is 'what is due until then is asked by the pass that goes on; null: none does';
comment on column receipt_poll.last_bill_id is 'how far that pass has come; null: it begins';
