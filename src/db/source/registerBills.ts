import type { Database } from '../database.ts';
import type { Statement } from '../statement.ts';
import type { BillSource } from './billSource.ts';

/** The result of registering one page of a month's bills, in the order of their ids. */
export interface RegisteredPage {
  /** How many bills of the source were looked at. */
  readonly seen: number;
  /** How many of them had no row before. */
  readonly added: number;
  /** Whether another registration was in the way: then repeat this page. */
  readonly again: boolean;
  /** The last id of the page; null at the end. */
  readonly last: string | null;
}

/**
 * Gives the next bills of a month their rows, held. Existing rows are not changed, so it may be repeated.
 * @param month first day of the billing month as `YYYY-MM-DD`
 */
export async function registerBills(
  database: Database,
  source: BillSource,
  { month, after, limit }: { readonly month: string; readonly after: string | null; readonly limit: number },
): Promise<RegisteredPage> {
  const [row] = await database.query<[number, number, number, string | null]>(statementOf(source), [
    month,
    after,
    limit,
  ]);
  const [seen = 0, added = 0, unnamed = 0, last = null] = row ?? [];
  return { seen, added, again: unnamed > 0, last: seen < limit ? null : last };
}

function statementOf(source: BillSource): Statement {
  const { idKind, bills } = source;
  return {
    name: 'register-bills',
    text: `
    with page as materialized (
      select b.bill_id, b.member_id from (${bills}\n) b
      where b.billing_month = $1::date and ($2::${idKind} is null or b.bill_id > $2::${idKind})
        and not exists (select 1 from closed_month c where c.billing_month = $1::date)
      order by b.bill_id
      limit $3
    ), ${idKind === 'bigint' ? sameIds : ownIds}, added as (
      insert into bill_notification (bill_id, member_id)
      select bill_id, member_id from registered
      on conflict (bill_id) do nothing
      returning 1
    )
    select (select count(*)::int from page), (select count(*)::int from added),
      (select count(*)::int from unnamed), (select bill_id::text from page order by bill_id desc limit 1)`,
  };
}

const sameIds = `registered as (select bill_id, member_id from page),
    unnamed as (select 1 where false)`;

/**
 * If another statement adds a member at the same time, that member is not visible here, and its conflict
 * gives no row: then its bills are `unnamed`.
 */
const ownIds = `new_member as (
      insert into member_reference (member_key) select distinct member_id::text from page
      on conflict (member_key) do nothing
      returning member_id, member_key
    ), member as (
      select * from new_member union all
      select r.member_id, r.member_key from member_reference r join (select distinct member_id from page) p
        on r.member_key = p.member_id::text
    ), registered as (
      insert into bill_reference (bill_key, member_id, billing_month)
      select page.bill_id::text, member.member_id, $1::date
      from page join member on member.member_key = page.member_id::text
      on conflict (bill_key) do update
        set member_id = excluded.member_id, billing_month = excluded.billing_month
        where bill_reference.billing_month is null
      returning bill_id, member_id
    ), unnamed as (
      select 1 from page
      where not exists (select 1 from member where member.member_key = page.member_id::text)
    )`;
