-- How many bills there are of each kind, window by window in the order of their ids: what no index can count, since no
-- index knows a state. A window holds the ids from first_id up to the next window's.
create table bill_count (
  first_id   bigint primary key,
  last_id    bigint,
  counted_at timestamptz,
  total      integer not null default 0,
  held       integer not null default 0,
  owed       integer not null default 0,
  delivered  integer not null default 0,
  cancelled  integer not null default 0,
  failed     integer not null default 0,
  in_doubt   integer not null default 0,
  retransmit integer not null default 0,
  sms        integer not null default 0,
  drift      integer not null default 0
) with (fillfactor = 50);
comment on column bill_count.counted_at is 'null: not counted yet';
comment on column bill_count.owed is 'rows that owe an event or a dead letter, due or not';
comment on column bill_count.sms is 'rows, not FAILED, that have left the first channel';
comment on column bill_count.drift is 'bills by which count and moves were apart when the window was last counted';

-- What has moved since a window was counted: one row per window and dispatcher, which writes it once a second. Persons
-- write theirs with the move itself, under the source 0.
create table bill_move (
  first_id  bigint not null,
  source    uuid not null,
  seq       bigint not null,
  at        timestamptz not null default now(),
  held      integer not null default 0,
  owed      integer not null default 0,
  delivered integer not null default 0,
  cancelled integer not null default 0,
  failed    integer not null default 0,
  in_doubt  integer not null default 0,
  sms       integer not null default 0,
  primary key (first_id, source)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
comment on column bill_move.seq is 'of the write, so that one that is asked again counts once';
