-- Bills and members whose ids are no numbers in the billing system (BILL_ID_KIND): each gets a number here, when it is
-- registered or when an event names it. A key of digits only could be taken for such a number.
create table member_reference (
  member_id  bigint generated always as identity primary key,
  member_key text not null unique
);

create table bill_reference (
  bill_id       bigint generated always as identity primary key,
  bill_key      text not null unique,
  member_id     bigint not null,
  billing_month date check (extract(day from billing_month) = 1),
  constraint key_is_no_number check (bill_key !~ '^[0-9]+$')
);
comment on column bill_reference.billing_month is 'null: an event named it, and it is not registered yet';
create index bill_reference_of_month on bill_reference (billing_month, bill_id);
create index bill_reference_of_member on bill_reference (member_id, bill_id);
