-- How many bills of each billing month a window of bill_count has: a month is the sum of its windows. A bill that the
-- source does not have is in no month.
create table bill_month_count (
  first_id      bigint not null,
  billing_month date not null,
  total         integer not null,
  held          integer not null,
  owed          integer not null,
  delivered     integer not null,
  cancelled     integer not null,
  failed        integer not null,
  in_doubt      integer not null,
  retransmit    integer not null,
  sms           integer not null,
  waiting       integer not null,
  letters       integer not null,
  confirmed     integer not null,
  bounced       integer not null,
  primary key (first_id, billing_month)
) with (fillfactor = 50);

alter table bill_count add column waiting integer not null default 0;
alter table bill_count add column letters integer not null default 0;
alter table bill_count add column has_months boolean not null default false;
comment on column bill_count.waiting is 'rows that owe an event at a time that was still to come when they were counted';
comment on column bill_count.letters is 'rows that owe a dead letter';
comment on column bill_count.has_months is 'false: it was counted before there were counts by month';
