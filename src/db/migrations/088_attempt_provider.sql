-- Who carried an attempt, by the name in PROVIDER_<CHANNEL>: with several providers per channel the journal could not say.
-- It is read from the bill's row, which is true after the hand-off. Null: it was not handed off, or is older than this column.
alter table delivery_attempt add column provider text;
comment on column delivery_attempt.provider is 'who carried it; null: nobody, or it is not known';
