-- A month that is over for good. A row of bill_notification is the only memory of its bill, so rows go only for
-- closed months, and a closed month takes nothing: no release, no next cycle, no new bill.
--
-- closing  decided; changes that began before may still end, so nothing is deleted yet
-- closed   every bill of it stands for good
-- purging  its rows are being deleted, in the order of their ids; from here on it cannot be opened again
-- purged   all of them are gone
create table closed_month (
  billing_month  date primary key check (extract(day from billing_month) = 1),
  state          text not null default 'closing' check (state in ('closing', 'closed', 'purging', 'purged')),
  closed_at      timestamptz not null default now(),
  closed_by      text not null,
  purged_through bigint,
  constraint purge_has_begun check ((state in ('purging', 'purged')) = (purged_through is not null))
);

create index poison_record_published on poison_record (published_at) where published_at is not null;

-- As its owner: the role of a billing batch need not be able to read what billcast keeps.
create function refuse_closed_month() returns trigger language plpgsql
  security definer set search_path from current as $$
declare
  refused date;
begin
  if tg_table_name = 'bill' then
    select c.billing_month into refused
    from added join closed_month c on c.billing_month = added.billing_month limit 1;
  else
    select c.billing_month into refused
    from added join bill b on b.id = added.bill_id join closed_month c on c.billing_month = b.billing_month limit 1;
  end if;
  if refused is not null then
    raise exception 'the month % is closed: it takes no new bills', to_char(refused, 'YYYY-MM')
      using errcode = 'check_violation', constraint = 'month_is_open';
  end if;
  return null;
end $$;

create trigger month_is_open after insert on bill
  referencing new table as added for each statement execute function refuse_closed_month();
create trigger month_is_open after insert on bill_notification
  referencing new table as added for each statement execute function refuse_closed_month();
