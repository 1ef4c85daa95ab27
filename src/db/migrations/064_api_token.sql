-- Tokens that administrators make by page, route or command, beside those of API_TOKENS. The token itself is not kept. A row
-- stays after its token is revoked or has expired: it says who could do what, and when.
create table api_token (
  id           uuid primary key,
  name         text not null,
  roles        text[] not null,
  sha256       text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at   timestamptz not null default now(),
  created_by   text not null,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  revoked_by   text,
  constraint revoked_says_by_whom check ((revoked_at is null) = (revoked_by is null))
);
comment on column api_token.last_used_at is 'written once in five minutes of use';
