-- Who a bill was handed off to, by the name in PROVIDER_<CHANNEL>. Written with the hand-off, and true while the bill is
-- SENT, IN_DOUBT or DELIVERED: keys do not cross providers, so only this one is asked about a bill in doubt. Null: it was
-- handed off before this column was there, when each channel had one provider.
alter table bill_notification add column provider text;

comment on column brake.channel is 'EMAIL; EMAIL/postmark is the brake of one of several providers of a channel';
comment on column channel_outcome.channel is 'as brake.channel';
