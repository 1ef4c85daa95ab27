-- The tables of a bank, as they are without billcast. Accounts have different currencies; amounts are minor units.
create schema bank;

create table bank.holder (
  id       bigint primary key,
  name     text not null,
  email    text,
  phone    text
);

create table bank.statement (
  id              bigint primary key,
  holder_id       bigint not null references bank.holder,
  month           date not null,
  account_number  text not null,
  currency        text not null,
  opening_balance bigint not null,
  closing_balance bigint not null,
  issued_at       timestamptz not null default now()
);
create index on bank.statement (month, id);
create index on bank.statement (holder_id, id);

create table bank.booking (
  id           bigint primary key,
  statement_id bigint not null references bank.statement,
  booked_on    date not null,
  text         text not null,
  amount       bigint not null
);
create index on bank.booking (statement_id, id);
