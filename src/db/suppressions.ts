import type { BillId, MemberId } from '../bill.ts';
import type { Channel } from '../channels.ts';
import type { Database } from './database.ts';
import { plainArray, queryCount } from './sql.ts';

/** Why nothing is sent to an address. */
export const suppressionReasons = ['bounced_hard', 'complained', 'manual'] as const;

export type SuppressionReason = (typeof suppressionReasons)[number];

/** An entry of the list. The address itself is not stored. */
export interface Suppression {
  readonly id: string;
  readonly channel: Channel;
  readonly reason: SuppressionReason;
  readonly memberId: MemberId;
  /** The bill that caused it. */
  readonly billId: BillId;
  readonly note: string | null;
  readonly addedAt: Date;
  readonly addedBy: string;
  /** Since when the address is tried again; null while it is not. */
  readonly liftedAt: Date | null;
  readonly liftedBy: string | null;
}

export interface NewSuppression {
  readonly billId: BillId;
  readonly addressHash: string;
}

const add = {
  name: 'add-suppressions',
  text: `
    with added as (
      insert into suppression as s (channel, address_hash, member_id, bill_id, reason, note, added_by)
      select $3, came.address_hash, n.member_id, n.bill_id, 'manual', $4, $5
      from unnest($1::bigint[], $2::text[]) as came (bill_id, address_hash)
        join bill_notification n on n.bill_id = came.bill_id
      order by came.address_hash
      on conflict (channel, address_hash) do update
      set reason = excluded.reason, note = excluded.note, added_at = now(), added_by = excluded.added_by,
          lifted_at = null, lifted_by = null
      where s.lifted_at is not null
      returning 1
    )
    select count(*)::int from added`,
};

/** Adds addresses for a person. @returns how many were not on the list */
export function addSuppressions(
  database: Database,
  {
    channel,
    entries,
    note,
    addedBy,
  }: {
    readonly channel: Channel;
    readonly entries: readonly NewSuppression[];
    readonly note: string;
    readonly addedBy: string;
  },
): Promise<number> {
  return queryCount(database, add, [
    plainArray(entries.map(({ billId }) => billId)),
    entries.map(({ addressHash }) => addressHash),
    channel,
    note,
    addedBy,
  ]);
}

/**
 * Adds what new receipts put on the list, as a common table expression of the statement that stores them.
 * `came` has the receipts, and `stored` says which of them are new.
 * @param provider who said it, as SQL
 */
export function suppressedByReceipts(provider: string): string {
  return `suppressed as (
      insert into suppression as s (channel, address_hash, member_id, bill_id, reason, added_by)
      select distinct on (came.channel, came.address_hash)
             came.channel, came.address_hash, n.member_id, n.bill_id, came.kind, 'receipt of ' || ${provider}
      from came
        join stored using (bill_id, cycle, channel, kind)
        join bill_notification n on n.bill_id = came.bill_id
      where stored.is_fresh and came.kind in ('bounced_hard', 'complained') and came.address_hash is not null
      order by came.channel, came.address_hash
      on conflict (channel, address_hash) do update
      set reason = excluded.reason, note = null, added_at = now(), added_by = excluded.added_by, lifted_at = null,
          lifted_by = null
      where s.lifted_at is not null
    )`;
}

const columns = 'id, channel, reason, member_id, bill_id, note, added_at, added_by, lifted_at, lifted_by';

const page = {
  name: 'page-of-suppressions',
  text: `
    select ${columns} from suppression
    where id < $1::bigint and ($3::text is null or channel = $3) and ($4::bigint is null or member_id = $4)
      and ($5 or lifted_at is null)
    order by id desc
    limit $2`,
};

type PageColumns = [
  ...[string, Channel, SuppressionReason, MemberId, BillId, string | null, Date, string],
  ...[Date | null, string | null],
];

export interface SuppressionQuery {
  readonly channel?: Channel | undefined;
  readonly memberId?: string | undefined;
  /** Includes entries that were lifted. */
  readonly all?: boolean | undefined;
  /** The `id` of the last entry on the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A place before all entries of the list, whose newest entry comes first. */
const beforeAll = '9223372036854775807';

/** The newest first. */
export async function selectSuppressions(
  database: Database,
  query: SuppressionQuery,
): Promise<Suppression[]> {
  const { channel, memberId, all = false, after = beforeAll, limit } = query;
  const values = [after, limit, channel ?? null, memberId ?? null, all];
  return (await database.query<PageColumns>(page, values)).map(suppressionOf);
}

const byHash = {
  name: 'suppressions-by-hash',
  text: `
    select ${columns} from suppression
    where channel = any($1::text[]) and address_hash = any($2::text[])
    order by id desc`,
};

/** The entries of an address, including those that were lifted. */
export async function selectSuppressionsByHash(
  database: Database,
  { channels, hashes }: { readonly channels: readonly Channel[]; readonly hashes: readonly string[] },
): Promise<Suppression[]> {
  return (await database.query<PageColumns>(byHash, [channels, hashes])).map(suppressionOf);
}

function suppressionOf(row: PageColumns): Suppression {
  const [id, channel, reason, memberId, billId, note, addedAt, addedBy, liftedAt, liftedBy] = row;
  return { id, channel, reason, memberId, billId, note, addedAt, addedBy, liftedAt, liftedBy };
}

const lift = {
  name: 'lift-suppressions',
  text: `
    with lifted as (
      update suppression set lifted_at = now(), lifted_by = $2
      where id = any($1::bigint[]) and lifted_at is null
      returning 1
    )
    select count(*)::int from lifted`,
};

/** Makes addresses be tried again, until they come back once more. @returns how many were on the list */
export function liftSuppressions(database: Database, ids: readonly string[], by: string): Promise<number> {
  return queryCount(database, lift, [plainArray(ids), by]);
}

const remove = {
  name: 'remove-suppressions',
  text: `
    with gone as (delete from suppression where id = any($1::bigint[]) returning 1)
    select count(*)::int from gone`,
};

/** Removes entries that were a mistake. @returns how many there were */
export function removeSuppressions(database: Database, ids: readonly string[]): Promise<number> {
  return queryCount(database, remove, [plainArray(ids)]);
}

const members = {
  name: 'suppressed-members',
  text: `
    select id, channel, member_id from suppression
    where id > $1::bigint and lifted_at is null
      and ($3::float8 is null or added_at >= now() - $3::float8 * interval '1 ms')
    order by id
    limit $2`,
};

export interface SuppressedMember {
  readonly id: string;
  readonly channel: Channel;
  readonly memberId: MemberId;
}

/**
 * Members with an address on the list, page by page, by id. @param sinceMs only of entries that are younger
 */
export async function selectSuppressedMembers(
  database: Database,
  {
    after,
    limit,
    sinceMs,
  }: { readonly after: string; readonly limit: number; readonly sinceMs: number | null },
): Promise<SuppressedMember[]> {
  const rows = await database.query<[string, Channel, MemberId]>(members, [after, limit, sinceMs]);
  return rows.map(([id, channel, memberId]) => ({ id, channel, memberId }));
}
