-- Each dispatcher says how its FOUR_EYES is set, so that a command that was started without the setting cannot evade it.
alter table dispatcher add column four_eyes boolean not null default false;
comment on column dispatcher.four_eyes is 'FOUR_EYES: only approved runs release bills';
