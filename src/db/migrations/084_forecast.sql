-- What a month will look like, computed in the background by the api process that was asked. Nothing personal: numbers,
-- bill ids and amounts.
create table forecast (
  id           uuid primary key,
  state        text not null default 'RUNNING' check (state in ('RUNNING', 'DONE', 'FAILED')),
  request      jsonb not null,
  requested_by text not null,
  requested_at timestamptz not null default now(),
  changed_at   timestamptz not null default now(),
  finished_at  timestamptz,
  bills        integer,
  looked_at    integer not null default 0,
  facts        jsonb,
  problem      text,
  constraint forecast_has_its_end check (
    (state = 'RUNNING') = (finished_at is null) and (state = 'DONE') = (facts is not null)
    and (state = 'FAILED') = (problem is not null))
);
comment on column forecast.changed_at is 'old while RUNNING: the api process that computed it has ended';
comment on column forecast.bills is 'held bills that it is about; null until they are counted';
create index forecast_requested on forecast (requested_at desc, id desc);
