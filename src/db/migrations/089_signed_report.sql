-- What was reported of a run, or of a month, when somebody signed it off: byte for byte, and for good.
create table signed_report (
  number    bigint generated always as identity primary key,
  run       integer unique references run,
  month     date unique check (extract(day from month) = 1),
  report    text not null,
  sha256    text not null,
  note      text,
  signed_by text not null,
  signed_at timestamptz not null default now(),
  constraint report_is_of_one_thing check (num_nonnulls(run, month) = 1),
  constraint report_is_what_was_signed check (sha256 = encode(sha256(convert_to(report, 'UTF8')), 'hex'))
);
comment on column signed_report.report is 'the JSON that was signed; sha256 is the hash of these bytes';
comment on column signed_report.note is 'why it was signed although a check did not hold';

-- How a provider's own statement compares with what we know; each comparison stays.
create table provider_statement (
  number    bigint generated always as identity primary key,
  run       integer not null references run,
  provider  text not null,
  file_name text not null,
  sha256    text not null,
  facts     jsonb not null,
  added_by  text not null,
  added_at  timestamptz not null default now()
);
comment on column provider_statement.sha256 is 'of the file';
create index provider_statement_of_run on provider_statement (run, number);

create function refuse_what_stands() returns trigger language plpgsql as $$
begin
  raise exception '% stands for good: it was %', tg_argv[0], tg_argv[1]
    using errcode = 'check_violation', constraint = tg_name, table = tg_table_name;
end $$;

create trigger signed_report_stands before update or delete on signed_report
  for each row execute function refuse_what_stands('the report', 'signed off');
create trigger signed_report_is_not_emptied before truncate on signed_report
  for each statement execute function refuse_what_stands('the report', 'signed off');
create trigger provider_statement_stands before update or delete on provider_statement
  for each row execute function refuse_what_stands('the comparison', 'kept with its run');

create function refuse_signed_run() returns trigger language plpgsql as $$
begin
  if exists (select from signed_report s where s.run = old.number) then
    raise exception 'the run % stands for good: it was signed off', old.id
      using errcode = 'check_violation', constraint = tg_name, table = tg_table_name;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;

create trigger signed_run_stands before update or delete on run
  for each row when (old.state = 'CLOSED') execute function refuse_signed_run();
