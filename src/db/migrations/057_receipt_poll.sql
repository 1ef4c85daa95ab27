-- How far each list of a provider that says what became of messages has been read. Everything that changed before is read.
create table receipt_poll (
  provider     text not null,
  poll         text not null,
  read_until   timestamptz not null,
  polled_at    timestamptz,
  fault        text,
  failed_since timestamptz,
  primary key (provider, poll)
);
comment on column receipt_poll.read_until is 'by the clock of the database: what changed before it has been read';
comment on column receipt_poll.polled_at is 'when the provider last answered as it should';
comment on column receipt_poll.fault is 'why the last request taught nothing; null: it did';
