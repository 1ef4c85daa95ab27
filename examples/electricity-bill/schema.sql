-- The tables of a power company, as they are without billcast. Their ids are UUIDs.
create schema power;

create table power.customer (
  id         uuid primary key,
  full_name  text not null,
  mail       text,
  mobile     text,
  street     text not null,
  language   text not null default 'de',
  rest_from  time,
  rest_until time
);

create table power.invoice (
  id           uuid primary key,
  customer_id  uuid not null references power.customer,
  invoice_no   text not null unique,
  period_start date not null,
  due_on       date not null,
  meter        text not null,
  read_from    numeric(12, 1) not null,
  read_to      numeric(12, 1) not null,
  is_estimated boolean not null default false,
  total_cents  bigint not null
);
create index on power.invoice (period_start, id);
create index on power.invoice (customer_id);

create table power.invoice_line (
  invoice_id   uuid not null references power.invoice,
  position     int not null,
  label        text not null,
  amount_cents bigint not null,
  primary key (invoice_id, position)
);
