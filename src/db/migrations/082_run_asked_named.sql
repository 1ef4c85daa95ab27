-- With four eyes both persons have to prove who they are. Otherwise one person counts as two: as the user of a host, and by a token.
alter table run add column requested_named boolean not null default false;
comment on column run.requested_named is 'whether a token or a sign-in said who asked; a command on a host proves nobody';
