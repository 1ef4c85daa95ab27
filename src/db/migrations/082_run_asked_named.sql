-- With four eyes both persons have to prove who they are: otherwise one is two, the user of a host and a token.
alter table run add column requested_named boolean not null default false;
comment on column run.requested_named is 'whether a token or a sign-in said who asked; a command on a host proves nobody';
