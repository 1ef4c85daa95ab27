import type { BillId, MemberId } from '../bill.ts';
import type { Database } from './database.ts';
import type { Statement } from './statement.ts';

/** What billcast's own tables hold about a member besides ids, in rows. */
export interface MemberTraces {
  readonly contactIndex: number;
  readonly earlyEvents: number;
  readonly poisonRecords: number;
  readonly viewLinkTries: number;
  /** Attempts, and receipts whose bill is still looked up, with a keyed hash of an address. */
  readonly addressHashes: number;
  /** Forecasts that contain the amount of one of their bills. */
  readonly forecasts: number;
}

/** What else exists about the member. */
export interface MemberStanding {
  /** Their rows in `bill_notification`. */
  readonly bills: number;
  /** Some of their bills that may still be sent. */
  readonly openBills: readonly BillId[];
  /** Entries of the suppression list: they are not deleted. */
  readonly suppressions: number;
  /** Records about them whose dead letter is not acknowledged yet. */
  readonly poisonOwed: number;
  /** Runs whose approved proposal contains the amount of one of their bills. */
  readonly proposals: number;
  /** Rows in the billing system's tables. */
  readonly source: { readonly members: number; readonly bills: number };
}

const openShown = 10;

/**
 * A record that could not be used may contain anything. It belongs to the member if its key or its value says
 * so. If an id of the billing system is no number, it counts anywhere in the value.
 */
const isTheirs = `(
        p.key in (select convert_to(b.bill_id::text, 'UTF8') from bills b)
        or p.key in (select convert_to(k.key, 'UTF8') from keys k)
        or encode(p.value, 'escape') ~ ('"memberId"\\s*:\\s*"?' || $1::bigint || '\\M')
        or exists (select 1 from bills b
                   where encode(p.value, 'escape') ~ ('"billId"\\s*:\\s*"?' || b.bill_id || '\\M'))
        or exists (select 1 from keys k where strpos(encode(p.value, 'escape'), '"' || k.key || '"') > 0))`;

const bills = `bills as materialized (
      select n.bill_id from bill_notification n where n.member_id = $1::bigint
      union
      select b.bill_id from source_bills b where b.member_id = $1::bigint
    ), keys as materialized (
      select encode(convert_to(m.member_key, 'UTF8'), 'escape') as key from member_reference m
      where m.member_id = $1::bigint
      union all
      select encode(convert_to(r.bill_key, 'UTF8'), 'escape') from bill_reference r
      where r.member_id = $1::bigint
    )`;

/** Whether a document contains one of their bills. */
function namesTheirs(document: string): string {
  return `exists (
        select 1 from jsonb_path_query(${document}, 'strict $.**.billId') named
        where named #>> '{}' in (select bill_id::text from bills))`;
}

const standing = {
  name: 'member-standing',
  text: `
    with ${bills}, theirs as materialized (
      select n.bill_id, n.send_status, n.publish_status, n.retransmit_at
      from bill_notification n join bills b on b.bill_id = n.bill_id
    )
    select
      (select count(*)::int from theirs),
      array(
        select bill_id::text from theirs
        where not (send_status in ('DELIVERED', 'CANCELLED')
                   or (send_status = 'FAILED' and publish_status = 'PUBLISHED' and retransmit_at is null))
        order by bill_id limit ${openShown}),
      (select count(*)::int from suppression s where s.member_id = $1::bigint),
      (select count(*)::int from poison_record p where p.published_at is null and ${isTheirs}),
      (select count(*)::int from source_members m where m.member_id = $1::bigint),
      (select count(*)::int from source_bills b where b.member_id = $1::bigint),
      (select count(*)::int from run r where ${namesTheirs('r.proposal')})`,
};

export async function readMemberStanding(database: Database, memberId: MemberId): Promise<MemberStanding> {
  type Row = [number, BillId[], number, number, number, number, number];
  const [row] = await database.query<Row>(standing, [memberId]);
  const [count, openBills, suppressions, poisonOwed, members, sourceBills, proposals] = row ?? [
    0,
    [],
    0,
    0,
    0,
    0,
    0,
  ];
  return {
    bills: count,
    openBills,
    suppressions,
    poisonOwed,
    proposals,
    source: { members, bills: sourceBills },
  };
}

const names = {
  name: 'names-of-bills',
  text: `
    with ${bills}
    select b.bill_id::text from bills b union all
    select r.bill_key from bill_reference r join bills b on b.bill_id = r.bill_id`,
};

/** The numbers of a member's bills, and their ids in the billing system. */
export async function readNamesOfBills(database: Database, memberId: MemberId): Promise<string[]> {
  return (await database.query<[string]>(names, [memberId])).flat();
}

const conditions = {
  contactIndex: 'contact_index c where c.member_id = $1::bigint',
  earlyEvents: `early_event e where e.member_id = $1::bigint or e.bill_id in (select bill_id from bills)`,
  poisonRecords: `poison_record p where p.published_at is not null and ${isTheirs}`,
  viewLinkTries: 'view_link_try v where v.bill_id in (select bill_id from bills)',
  forecasts: `forecast f where ${namesTheirs('f.facts')}`,
} as const;

const isOfBill = 'a.bill_id in (select bill_id from bills)';

/**
 * Which rows of a table may have a keyed hash of an address of theirs. In receipts, only those have one that
 * are not matched with a bill, or that an earlier version stored.
 */
const hashed = {
  delivery_attempt: isOfBill,
  bill_receipt: isOfBill,
  unmatched_receipt: `a.provider_id in (
        select own.provider_id from delivery_attempt own where own.bill_id in (select bill_id from bills))`,
} as const;

/** For each of these tables. */
function eachHashed(part: (table: string, condition: string) => string): string[] {
  return Object.entries(hashed).map(([table, isTheirs]) =>
    part(table, `${isTheirs} and a.address_hash is not null`),
  );
}

const look: Statement = {
  name: 'look-for-member',
  text: `
    with ${bills}
    select ${Object.values(conditions)
      .map((condition) => `(select count(*)::int from ${condition})`)
      .join(',\n      ')},
      ${eachHashed((table, condition) => `(select count(*)::int from ${table} a where ${condition})`).join(' + ')}`,
};

const forget: Statement = {
  name: 'forget-member',
  text: `
    with ${bills}, ${Object.entries(conditions)
      .map(([name, condition]) => `"${name}" as (delete from ${condition} returning 1)`)
      .join(',\n    ')}, ${eachHashed(
      (table, condition) =>
        `${table}_cleared as (update ${table} a set address_hash = null where ${condition} returning 1)`,
    ).join(',\n    ')}
    select ${Object.keys(conditions)
      .map((name) => `(select count(*)::int from "${name}")`)
      .join(', ')},
      ${eachHashed((table) => `(select count(*)::int from ${table}_cleared)`).join(' + ')}`,
};

/** Counts a member's traces, or deletes all of them at once. */
export async function traceMember(
  database: Database,
  memberId: MemberId,
  { deletes }: { readonly deletes: boolean },
): Promise<MemberTraces> {
  const statement = deletes ? forget : look;
  const [row] = await database.query<[number, number, number, number, number, number]>(statement, [memberId]);
  const [contactIndex, earlyEvents, poisonRecords, viewLinkTries, forecasts, addressHashes] = row ?? [
    0, 0, 0, 0, 0, 0,
  ];
  return { contactIndex, earlyEvents, poisonRecords, viewLinkTries, forecasts, addressHashes };
}
