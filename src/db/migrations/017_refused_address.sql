-- Which address was refused for good, so that later cycles of the bill do not ask it again until it has changed. After
-- 015, which makes the journal anew.
alter table delivery_attempt add column address_hash text;
comment on column delivery_attempt.address_hash is
  'REFUSED: keyId:HMAC of the channel and the address, by a key of its own; the address cannot be read from it';
