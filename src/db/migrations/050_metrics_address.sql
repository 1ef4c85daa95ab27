-- Where a dispatcher's metrics are read, for the service discovery of Prometheus.
alter table dispatcher add column metrics_address text;
comment on column dispatcher.metrics_address is 'host:port of its metrics; null: it has none';
