-- Of the bills that are DELIVERED, those of which the provider has said what became of them.
alter table bill_count add column confirmed integer not null default 0;
alter table bill_count add column bounced integer not null default 0;
comment on column bill_count.confirmed is 'DELIVERED, and a receipt of that attempt says that it arrived';
comment on column bill_count.bounced is 'DELIVERED, and a receipt of that attempt says that it came back';
