-- How many mails of a day were set aside by SMTP_WARMUP: for all mails of a sender's domain, and for those to one domain. The
-- processes take blocks of it, so a row changes some hundred times per day. Numbers and names of domains, nothing personal.
create table warmup_day (
  day      date not null,
  sender   text not null,
  receiver text not null,
  planned  bigint check (planned > 0),
  reserved bigint not null check (reserved > 0),
  primary key (day, sender, receiver)
);
comment on column warmup_day.day is 'in TIME_ZONE';
comment on column warmup_day.receiver is 'the domain that gets the mails; empty: all';
comment on column warmup_day.planned is 'as SMTP_WARMUP said last; null: no limit';
comment on column warmup_day.reserved is 'sent, or set aside by a process: what it did not send is lost for the day';
