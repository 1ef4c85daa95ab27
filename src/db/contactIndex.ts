import type { MemberId } from '../bill.ts';
import type { Database } from './database.ts';
import { beforeAllBills, plainArray } from './sql.ts';

/** A member's contacts as the billing system stores them, still sealed. */
export interface StoredContacts {
  readonly memberId: MemberId;
  readonly email: string | null;
  readonly phone: string | null;
}

/** A member's contact, and its hash; null if there is no usable one. */
export interface ContactEntry {
  readonly memberId: MemberId;
  /**
   * The kind of contact. If it was read for a home country other than Korea, that follows: `phone`, `phone
   * BE`.
   */
  readonly contact: string;
  readonly hash: Buffer | null;
}

const next = {
  name: 'next-contacts',
  text: `
    select m.member_id::text, m.email, m.phone from source_members m
    where m.member_id > (select coalesce(max(last_member_id), '${beforeAllBills}'::bigint) from contact_walk)
    order by m.member_id
    limit $1`,
};

/** The next members of the walk, by id. At its end there are fewer than asked for. */
export async function readNextContacts(
  database: Database,
  members: number,
): Promise<readonly StoredContacts[]> {
  const rows = await database.query<[MemberId, string | null, string | null]>(next, [members]);
  return rows.map(([memberId, email, phone]) => ({ memberId, email, phone }));
}

/**
 * Members between the last step and this one that were not read no longer exist. When a walk is at its end,
 * the next step begins another one.
 */
const write = {
  name: 'write-contacts',
  text: `
    with came as (
      select * from unnest($1::bigint[], $2::text[], $3::bytea[]) as came (member_id, contact, hash)
    ), step as (
      select coalesce(max(last_member_id), '${beforeAllBills}'::bigint) as after,
             coalesce((select max(member_id) from came), 9223372036854775807) as last
      from contact_walk
    ), written as (
      insert into contact_index as known (member_id, contact, hash)
      select member_id, contact, hash from came where hash is not null
      order by member_id, contact
      on conflict (member_id, contact) do update set hash = excluded.hash where known.hash <> excluded.hash
    ), gone as (
      delete from contact_index known using step
      where known.member_id > step.after and known.member_id <= case when $4 then 9223372036854775807 else step.last end
        and not exists (
          select 1 from came
          where came.member_id = known.member_id and came.contact = known.contact and came.hash is not null)
    )
    insert into contact_walk as walk (last_member_id, began_at, finished_at)
    select case when $4 then '${beforeAllBills}'::bigint else step.last end, now(), case when $4 then now() end from step
    on conflict (is_only) do update
    set last_member_id = excluded.last_member_id,
        began_at = case when walk.last_member_id = '${beforeAllBills}'::bigint then excluded.began_at else walk.began_at end,
        finished_at = coalesce(excluded.finished_at, walk.finished_at)`,
};

/** Stores one step of the walk. @param isLast whether these are the last members */
export async function writeContacts(
  database: Database,
  entries: readonly ContactEntry[],
  isLast: boolean,
): Promise<void> {
  await database.query(write, [
    plainArray(entries.map(({ memberId }) => memberId)),
    plainArray(entries.map(({ contact }) => contact)),
    entries.map(({ hash }) => hash),
    isLast,
  ]);
}

const find = {
  name: 'find-members-by-contact',
  text: `
    select distinct member_id::text from contact_index where hash = any($1::bytea[]) order by 1 limit $2`,
};

export async function findMembersByHash(
  database: Database,
  hashes: readonly Buffer[],
  limit: number,
): Promise<readonly MemberId[]> {
  const rows = await database.query<[MemberId]>(find, [hashes, limit]);
  return rows.map(([memberId]) => memberId);
}

/**
 * Whether contacts were read for another country. A walk follows the order of the members, so the first and
 * the last entry tell for all.
 */
const isReadOtherwise = `
  exists (
    select from (
      (select contact from contact_index order by member_id, contact limit 1)
      union all
      (select contact from contact_index order by member_id desc, contact desc limit 1)
    ) as ends
    where ends.contact <> all($1::text[])
  )`;

const progress = {
  name: 'contact-walk',
  text: `select case when not ${isReadOtherwise} then finished_at end from contact_walk`,
};

/**
 * When all members were last looked at; null if they have not been yet, or for another country.
 * @param contacts names of entries for this country, as in `ContactEntry`
 */
export async function readContactWalk(database: Database, contacts: readonly string[]): Promise<Date | null> {
  const [row] = await database.query<[Date | null]>(progress, [plainArray(contacts)]);
  return row?.[0] ?? null;
}

const restart = {
  name: 'restart-contact-walk',
  text: `delete from contact_walk where finished_at is not null and ${isReadOtherwise}`,
};

/** Begins at the first member again, if the walk was for another country. */
export async function restartContactWalk(database: Database, contacts: readonly string[]): Promise<void> {
  await database.query(restart, [plainArray(contacts)]);
}
