-- A command that was started without the setting must not get round it, so each dispatcher says what it was given.
alter table dispatcher add column four_eyes boolean not null default false;
comment on column dispatcher.four_eyes is 'FOUR_EYES: only approved runs release bills';
