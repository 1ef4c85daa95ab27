import type { BillId } from '../bill.ts';
import type { Database } from './database.ts';
import { plainArray, queryCount } from './sql.ts';

/** The result of an access. A change is recorded before it begins, and again when it is over. */
export type AccessResult = 'begun' | 'done' | 'refused' | 'failed';

/** Who does what to which bills, from where, and why. */
export interface Access {
  /** The name of a token or user, or `cli:<user>@<host>`. */
  readonly who: string;
  readonly roles: readonly string[];
  /** The address that it came from. */
  readonly from: string;
  readonly what: string;
  /** The first ten of the bills. */
  readonly billIds: readonly BillId[];
  readonly bills: number;
  readonly reason: string | null;
  readonly result: AccessResult;
  readonly requestId: string;
}

/** A stored record. */
export interface AccessRecord extends Access {
  readonly seq: string;
  readonly at: Date;
  /** Hex. */
  readonly hash: string;
}

/** What the hash covers: one expression for writing and checking, over a row with these columns. */
function hashOf(row: string, before: string): string {
  const columns = ['who', 'to_jsonb(roles)', 'came_from', 'what', 'to_jsonb(bill_ids)', 'bills', 'reason'];
  const names = [...columns, 'result', 'request_id'].map((column) =>
    column.startsWith('to_jsonb(') ? column.replace('(', `(${row}.`) : `${row}.${column}`,
  );
  const entry = `jsonb_build_array(${row}.id, extract(epoch from ${row}.at), ${names.join(', ')})`;
  return `sha256(${before} || convert_to(${entry}::text, 'UTF8'))`;
}

const add = {
  name: 'add-access-record',
  text: `
    with given as materialized (
      select $1::uuid as id, clock_timestamp() as at, $2::text as who, $3::text[] as roles, $4::text as came_from,
             $5::text as what, $6::bigint[] as bill_ids, $7::int as bills, $8::text as reason, $9::text as result,
             $10::text as request_id
    ), head as (
      update access_chain c set seq = c.seq + 1, hash = ${hashOf('given', 'c.hash')}
      from given
      where not exists (select from access_record a where a.id = given.id)
      returning c.seq, c.hash
    )
    insert into access_record
      (seq, id, at, who, roles, came_from, what, bill_ids, bills, reason, result, request_id, hash)
    select head.seq, given.id, given.at, given.who, given.roles, given.came_from, given.what, given.bill_ids,
           given.bills, given.reason, given.result, given.request_id, head.hash
    from head, given
    returning seq, encode(hash, 'hex')`,
};

/**
 * Adds a record to the chain. If it is added again under the same id, after a lost answer, nothing changes.
 * @returns the end of the chain; undefined if the record was there already
 */
export async function addAccessRecord(
  database: Database,
  id: string,
  access: Access,
): Promise<{ seq: string; hash: string } | undefined> {
  const [row] = await database.query<[string, string]>(add, [
    id,
    access.who,
    access.roles,
    access.from,
    access.what,
    plainArray(access.billIds),
    access.bills,
    access.reason,
    access.result,
    access.requestId,
  ]);
  return row === undefined ? undefined : { seq: row[0], hash: row[1] };
}

const page = {
  name: 'page-of-access-records',
  text: `
    select seq, at, who, roles, came_from, what, bill_ids::text[], bills, reason, result, request_id,
           encode(hash, 'hex')
    from access_record
    where seq < $1::bigint and ($2::timestamptz is null or at >= $2) and ($3::timestamptz is null or at < $3)
    order by seq desc
    limit $4`,
};

type RecordColumns = [
  ...[seq: string, at: Date, who: string, roles: string[], from: string, what: string],
  ...[billIds: BillId[], bills: number, reason: string | null, result: AccessResult],
  ...[requestId: string, hash: string],
];

/** The newest records of a period, behind `before` in the list. */
export async function readAccessRecords(
  database: Database,
  options: { before: string; from?: Date | undefined; until?: Date | undefined; limit: number },
): Promise<AccessRecord[]> {
  const { before, from = null, until = null, limit } = options;
  const rows = await database.query<RecordColumns>(page, [before, from, until, limit]);
  return rows.map(
    ([seq, at, who, roles, cameFrom, what, billIds, bills, reason, result, requestId, hash]) => ({
      seq,
      at,
      who,
      roles,
      from: cameFrom,
      what,
      billIds,
      bills,
      reason,
      result,
      requestId,
      hash,
    }),
  );
}

/** A place before the newest record of the list. */
export const behindAllRecords = '9223372036854775807';

const check = {
  name: 'check-access-chain',
  text: `
    with linked as (
      select a.seq,
             lag(a.seq) over in_order as seq_before, lag(a.hash) over in_order as hash_before, a.hash,
             a.id, a.at, a.who, a.roles, a.came_from, a.what, a.bill_ids, a.bills, a.reason, a.result, a.request_id
      from access_record a
      window in_order as (order by a.seq)
    ), judged as (
      select seq, case
          when seq_before is null and seq > 1 then true
          else seq = coalesce(seq_before, 0) + 1
            and hash = ${hashOf('linked', "coalesce(hash_before, ''::bytea)")}
        end as fits
      from linked
    )
    select count(j.seq)::int, min(j.seq) filter (where not j.fits), encode(c.hash, 'hex'), c.seq,
           coalesce((select a.hash = c.hash from access_record a where a.seq = c.seq), c.seq = 0)
    from access_chain c left join judged j on true
    group by c.hash, c.seq`,
};

/**
 * Whether every record matches the one before it, and the last one matches the separately stored end of the
 * chain.
 */
export interface ChainFacts {
  readonly intact: boolean;
  readonly records: number;
  /** The first record that does not match; if the last one is missing, its id. */
  readonly brokenAt: string | null;
  /** Hex; null while there is no record. */
  readonly head: string | null;
}

/**
 * Checks the whole chain. Retention may have deleted its oldest records, so the check begins with the first
 * one that is left.
 */
export async function checkAccessChain(database: Database): Promise<ChainFacts> {
  const [row] = await database.query<[number, string | null, string, string, boolean]>(check);
  if (row === undefined) return { intact: false, records: 0, brokenAt: null, head: null };
  const [records, misfit, head, lastSeq, endsRight] = row;
  const brokenAt = misfit ?? (endsRight ? null : lastSeq);
  return {
    intact: brokenAt === null,
    records,
    brokenAt,
    head: head === '' ? null : head,
  };
}

const purge = {
  name: 'purge-access-records',
  text: `
    with gone as (
      delete from access_record
      where seq <= (select max(seq) from access_record where at < now() - $1::float8 * interval '1 day')
      returning 1
    )
    select count(*)::int from gone`,
};

/** Deletes records older than `days`, from the beginning of the chain; returns how many. */
export function purgeAccessRecords(database: Database, days: number): Promise<number> {
  return queryCount(database, purge, [days]);
}
