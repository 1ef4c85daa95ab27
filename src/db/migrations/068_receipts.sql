-- What providers say of messages after they have accepted them, one row per attempt and kind. It stands beside the row
-- of the bill, so that the path of a bill pays nothing for it.
create table bill_receipt (
  bill_id      bigint not null,
  cycle        integer not null,
  channel      text not null,
  kind         text not null check (kind in ('delivered', 'relayed', 'bounced_hard', 'bounced_soft', 'blocked', 'complained')),
  provider     text not null,
  came_by      text not null check (came_by in ('webhook', 'poll', 'mail')),
  provider_id  text,
  code         text,
  address_hash text,
  happened_at  timestamptz,
  received_at  timestamptz not null default now(),
  times        integer not null default 1,
  look_at      timestamptz not null default now(),
  verdict      text,
  primary key (bill_id, cycle, channel, kind)
) with (fillfactor = 80);
comment on column bill_receipt.happened_at is 'by the clock of the provider';
comment on column bill_receipt.times is 'how often it came: providers repeat themselves';
comment on column bill_receipt.look_at is 'when it is compared with its bill, again perhaps';
comment on column bill_receipt.verdict is 'what it meant for the bill; null while that is open';
create index bill_receipt_open on bill_receipt (look_at) where verdict is null;

-- Receipts that name no bill, only the provider's id of the message, until the journal says whose it is.
create table unmatched_receipt (
  provider     text not null,
  provider_id  text not null,
  kind         text not null check (kind in ('delivered', 'relayed', 'bounced_hard', 'bounced_soft', 'blocked', 'complained')),
  came_by      text not null,
  code         text,
  address_hash text,
  happened_at  timestamptz,
  received_at  timestamptz not null default now(),
  times        integer not null default 1,
  look_at      timestamptz not null default now(),
  primary key (provider, provider_id, kind)
);
create index unmatched_receipt_due on unmatched_receipt (look_at);
