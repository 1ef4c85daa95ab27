-- Optional settings of an endpoint of webhooks. Most endpoints have none, and so no row here.
create table webhook_setting (
  id        text primary key,
  old_salt  uuid,
  old_until timestamptz,
  outcomes  text[] check (cardinality(outcomes) > 0),
  constraint old_secret_has_an_end check ((old_salt is null) = (old_until is null))
);
comment on column webhook_setting.id is 'of webhook_endpoint';
comment on column webhook_setting.old_salt is 'of the secret before: until old_until messages are signed with it too';
comment on column webhook_setting.outcomes is 'it gets these only; null: all';
