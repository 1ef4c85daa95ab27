-- Answers by Idempotency-Key: the same request again gets the first one's answer.
create table api_request (
  principal    text not null,
  key          text not null,
  owner        uuid not null,
  fingerprint  bytea not null,
  response     text,
  locked_until timestamptz not null,
  expires_at   timestamptz not null,
  primary key (principal, key)
);
create index api_request_expiry on api_request (expires_at);
