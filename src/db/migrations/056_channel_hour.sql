-- What each channel came to per hour, for what is judged over days: how many of its accepted messages came back. The counts of
-- channel_outcome are added when they are deleted there, so the path of a bill pays nothing.
create table channel_hour (
  hour         timestamptz not null,
  channel      text not null,
  accepted     bigint not null default 0,
  came_back    bigint not null default 0,
  came_back_at timestamptz,
  primary key (hour, channel)
);
comment on column channel_hour.accepted is 'without what stands in channel_outcome';
comment on column channel_hour.came_back is 'went on by the next channel after a receipt, since the brake was released';
comment on column channel_hour.came_back_at is 'the last one';
