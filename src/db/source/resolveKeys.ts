import type { BillId, MemberId } from '../../bill.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';

/** A bill and its member by the billing system's ids. */
interface NamedByKey {
  readonly billKey: string;
  readonly memberKey: string;
}

/** Our numbers for them. */
interface ResolvedKeys {
  readonly billId: BillId;
  readonly memberId: MemberId;
}

/**
 * An event may come before its bill is registered. So an unknown id gets its number at once, and the
 * registration finds it later.
 */
const resolve = {
  name: 'resolve-keys',
  text: `
    with named as materialized (
      select distinct bill_key, member_key from unnest($1::text[], $2::text[]) as event (bill_key, member_key)
    ), new_member as (
      insert into member_reference (member_key)
      select distinct member_key from named
      where not exists (select 1 from member_reference r where r.member_key = named.member_key)
      on conflict (member_key) do nothing
      returning member_id, member_key
    ), member as (
      select * from new_member union all
      select r.member_id, r.member_key from member_reference r where r.member_key = any($2::text[])
    ), new_bill as (
      insert into bill_reference (bill_key, member_id)
      select distinct on (named.bill_key) named.bill_key, member.member_id
      from named join member on member.member_key = named.member_key
      where not exists (select 1 from bill_reference r where r.bill_key = named.bill_key)
      order by named.bill_key
      on conflict (bill_key) do nothing
      returning bill_id, bill_key
    ), bill as (
      select * from new_bill union all
      select r.bill_id, r.bill_key from bill_reference r where r.bill_key = any($1::text[])
    )
    select named.bill_key, named.member_key, bill.bill_id, member.member_id
    from named join member on member.member_key = named.member_key join bill on bill.bill_key = named.bill_key`,
};

export function namedKeyOf({ billKey, memberKey }: NamedByKey): string {
  return JSON.stringify([billKey, memberKey]);
}

/**
 * The numbers of bills and members, by `namedKeyOf`. If one is missing, another statement was just adding it:
 * ask again.
 */
export async function resolveKeys(
  database: Database,
  named: readonly NamedByKey[],
): Promise<Map<string, ResolvedKeys>> {
  const rows = await database.query<[string, string, BillId, MemberId]>(resolve, [
    named.map(({ billKey }) => billKey),
    named.map(({ memberKey }) => memberKey),
  ]);
  return new Map(
    rows.map(([billKey, memberKey, billId, memberId]) => [
      namedKeyOf({ billKey, memberKey }),
      { billId, memberId },
    ]),
  );
}

const find = {
  name: 'find-bills-by-key',
  text: 'select bill_key, bill_id from bill_reference where bill_key = any($1::text[])',
};

/** The numbers of known bills among these, by their ids in the billing system. */
export async function findBillsByKey(
  database: Database,
  billKeys: readonly string[],
): Promise<Map<string, BillId>> {
  return new Map(await database.query<[string, BillId]>(find, [[...billKeys]]));
}

const findMembers = {
  name: 'find-members-by-key',
  text: 'select member_key, member_id from member_reference where member_key = any($1::text[])',
};

/** The numbers of known members among these. */
export async function findMembersByKey(
  database: Database,
  memberKeys: readonly string[],
): Promise<Map<string, MemberId>> {
  return new Map(await database.query<[string, MemberId]>(findMembers, [[...memberKeys]]));
}

const billKeys = {
  name: 'keys-of-bills',
  text: 'select bill_id, bill_key from bill_reference where bill_id = any($1::bigint[])',
};

const memberKeys = {
  name: 'keys-of-members',
  text: 'select member_id, member_key from member_reference where member_id = any($1::bigint[])',
};

/** The billing system's ids of bills, by their numbers here. */
export async function findBillKeys(
  database: Database,
  numbers: readonly string[],
): Promise<Map<string, string>> {
  return new Map(await database.query<[string, string]>(billKeys, [plainArray(numbers)]));
}

/** The billing system's ids of members, by their numbers here. */
export async function findMemberKeys(
  database: Database,
  numbers: readonly string[],
): Promise<Map<string, string>> {
  return new Map(await database.query<[string, string]>(memberKeys, [plainArray(numbers)]));
}
