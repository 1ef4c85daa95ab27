-- In which order a dispatcher tries the channels: while dispatchers differ, each decides by its own list.
alter table dispatcher add column channels text;
comment on column dispatcher.channels is 'CHANNELS, comma between; null: one that is older than this column';
