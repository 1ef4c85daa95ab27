-- A member's language (BCP 47) and a bill's currency (ISO 4217); null: those of the settings.
alter table member add column language text;
alter table bill add column currency text check (currency ~ '^[A-Z]{3}$');
