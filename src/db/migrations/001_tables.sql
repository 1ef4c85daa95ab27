-- What an external billing batch fills. No foreign keys: a batch may load in any order and in parallel,
-- and a bill whose parts are missing becomes FAILED with BILL_INCOMPLETE instead of failing the batch.

create table member (
  id                   bigint primary key,
  name                 text not null,
  email                text,
  phone                text,
  address              text,
  grade                text not null,
  do_not_disturb_start time,
  do_not_disturb_end   time
);
comment on column member.name is 'encrypted, as are email, phone and address';

create table bill (
  id                    bigint primary key,
  member_id             bigint not null,
  billing_month         date not null check (extract(day from billing_month) = 1),
  total_amount          bigint not null,
  vat                   bigint not null,
  unpaid_amount         bigint not null,
  total_discount_amount bigint not null,
  total_billed_amount   bigint not null,
  monthly_fee           bigint not null,
  additional_fee        bigint not null,
  due_date              date,
  issued_at             timestamptz not null,
  payment_owner_name    text not null,
  payment_name          text not null,
  payment_number        text not null
);
create index bill_of_member on bill (member_id, billing_month);

create table bill_item (
  id          bigint primary key,
  bill_id     bigint not null,
  category    text not null check (category in ('SUBSCRIPTION', 'OVER_USAGE', 'ONE_TIME_PURCHASE', 'DISCOUNT')),
  subcategory text,
  name        text not null,
  amount      bigint not null check (amount >= 0),
  detail      jsonb
);
-- With the id, a bill's items come in order without a sort.
create index bill_item_of_bill on bill_item (bill_id, id);

-- One row per bill: the memory of the whole system, and its only queue.
--
-- Every transition on the path of a bill updates this row, so no index may name a column that the path
-- changes (send_status, claim_token, changed_at, handed_off_at, attempts): each would turn three HOT
-- updates per bill into three index insertions. The fillfactor leaves room on the page for two generations
-- of every row, which pruning then reuses.
create table bill_notification (
  bill_id        bigint primary key,
  member_id      bigint not null,
  channel        text not null default 'EMAIL' check (channel in ('EMAIL', 'SMS')),
  send_status    text not null default 'PENDING'
    check (send_status in ('PENDING', 'SENDING', 'SENT', 'IN_DOUBT', 'DELIVERED', 'FAILED', 'CANCELLED')),
  publish_status text not null default 'HELD' check (publish_status in ('HELD', 'PENDING', 'PUBLISHED')),
  publish_seq    integer not null default 0,
  cycle          integer not null default 1 check (cycle >= 1),
  attempts       integer not null default 0,
  claim_token    uuid,
  not_before     timestamptz not null default '-infinity',
  changed_at     timestamptz not null default now(),
  published_at   timestamptz,
  handed_off_at  timestamptz,
  in_doubt_at    timestamptz,
  retransmit_at  timestamptz,
  reason         text,
  constraint token_belongs_to_claim check (
    case
      when send_status in ('SENDING', 'SENT', 'IN_DOUBT') then claim_token is not null
      when send_status in ('PENDING', 'FAILED', 'CANCELLED') then claim_token is null
      else true
    end),
  constraint hand_off_is_dated check (send_status not in ('SENT', 'IN_DOUBT') or handed_off_at is not null),
  constraint doubt_is_dated check ((send_status = 'IN_DOUBT') = (in_doubt_at is not null)),
  constraint only_failed_is_retransmitted check (retransmit_at is null or send_status = 'FAILED'),
  constraint failed_owes_dead_letter check (send_status <> 'FAILED' or publish_status <> 'HELD')
) with (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

comment on column bill_notification.attempts is 'hand-offs in this cycle and channel';
comment on column bill_notification.not_before is 'PENDING: quiet hours or back-off; IN_DOUBT: the next lookup';
comment on column bill_notification.publish_seq is 'raised at every change that owes an event; see markPublished';

create index bill_notification_held on bill_notification (bill_id) where publish_status = 'HELD';
create index bill_notification_owed on bill_notification (not_before, bill_id) where publish_status = 'PENDING';
create index bill_notification_in_doubt on bill_notification (in_doubt_at) where in_doubt_at is not null;
create index bill_notification_retransmit on bill_notification (retransmit_at) where retransmit_at is not null;

-- The journal: one row for each attempt and each verdict, also when its transition won nothing.
-- The key makes a statement that is asked again after a lost connection write each row once.
create table delivery_attempt (
  bill_id     bigint not null,
  claim_token uuid not null,
  outcome     text not null,
  cycle       integer not null,
  channel     text not null,
  applied     boolean not null,
  reason      text,
  provider_id text,
  actor       text not null,
  started_at  timestamptz not null,
  finished_at timestamptz not null,
  primary key (bill_id, claim_token, outcome)
);
comment on column delivery_attempt.applied is 'false: the row had moved on, and the answer is evidence only';

-- What a dispatcher holds: one row per claimed batch, written with the claim and deleted when the batch is settled.
create table claim_batch (
  token      uuid primary key,
  owner      uuid not null,
  bill_ids   bigint[] not null,
  claimed_at timestamptz not null
);

create table dispatcher (
  id           uuid primary key,
  name         text not null,
  started_at   timestamptz not null default now(),
  heartbeat_at timestamptz not null
);

-- Who does what only one may do at a time. Two at once would be safe; it would only be double work.
create table lease (
  name       text primary key,
  owner      uuid not null,
  expires_at timestamptz not null
);

-- Records that could not be used, byte for byte, until the relay's dead letter is acknowledged.
create table poison_record (
  topic        text not null,
  partition    integer not null,
  "offset"     bigint not null,
  recorded_at  timestamptz not null,
  reason       text not null,
  key          bytea,
  value        bytea,
  received_at  timestamptz not null default now(),
  published_at timestamptz,
  primary key (topic, partition, "offset", recorded_at)
);
create index poison_record_owed on poison_record (received_at) where published_at is null;

-- Where the sweeper's walk over all notifications goes on.
create table walk (
  name         text primary key,
  last_bill_id bigint not null
);
