-- The journal grows by some rows per bill and month, so it is partitioned by time and old parts are dropped whole.
-- The key has to hold the partition's column and must stay constant per attempt: a claim token is a UUIDv7, ordered
-- by the time of its claim. Tokens of before this migration are random and stay in the default partition.
-- The partitions themselves are added by journalPartitions.ts.
alter table delivery_attempt rename to delivery_attempt_default;
alter index delivery_attempt_pkey rename to delivery_attempt_default_pkey;

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
) partition by range (claim_token);
comment on column delivery_attempt.applied is 'false: the row had moved on, and the answer is evidence only';

alter table delivery_attempt attach partition delivery_attempt_default default;
