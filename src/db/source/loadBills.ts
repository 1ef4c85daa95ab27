import type { BillId } from '../../bill.ts';
import type { Statement } from '../database.ts';
import { plainArray } from '../sql.ts';
import { type BillLoader, type LoadedTexts, tooLargeText } from './billLoader.ts';
import type { BillSource } from './billSource.ts';

/** Makes the loader of a source's `load.sql`. */
export function createBillLoader(source: BillSource): BillLoader {
  const statement = loadStatement(source);
  return async (database, claims, mostBytes) => {
    const rows = await database.query<Row>(statement, [
      plainArray(claims.map((claim) => claim.billId)),
      plainArray(claims.map((claim) => claim.memberId)),
      plainArray(claims.map((claim) => claim.cycle)),
      mostBytes,
    ]);
    return new Map(rows.map((row) => [row[0], textsOf(row)]));
  };
}

/** Offset 0 keeps PostgreSQL from writing each text twice. */
function loadStatement(source: BillSource): Statement {
  const isNumbered = source.idKind === 'bigint';
  return {
    name: 'load-bills',
    text: `
    with ${claimedOf(source)}
    select ${isNumbered ? 'bill_id' : 'named.bill_id'}, case when octet_length(data) <= $4 then data end, quiet_start, quiet_end,
      case when octet_length(data) > $4 then octet_length(data) end
    from (
      select ${isNumbered ? 'bill_id' : 'bill_id::text as bill_key'}, data::text as data, quiet_start::text, quiet_end::text
      from (${source.load}\n) source_load
      offset 0
    ) loaded ${isNumbered ? '' : 'join named on named.bill_key = loaded.bill_key'}`,
  };
}

/** What `load.sql` reads the bills of a batch from: their ids in the billing system. */
export function claimedOf({ idKind }: Pick<BillSource, 'idKind'>): string {
  const claims = 'unnest($1::bigint[], $2::bigint[], $3::int[]) as claim (bill_id, member_id, cycle)';
  if (idKind === 'bigint') return `claimed as (select * from ${claims})`;
  return `named as materialized (
      select claim.bill_id, b.bill_key, m.member_key, claim.cycle
      from ${claims}
      join bill_reference b on b.bill_id = claim.bill_id and b.member_id = claim.member_id
      join member_reference m on m.member_id = b.member_id
    ), claimed as (
      select bill_key::${idKind} as bill_id, member_key::${idKind} as member_id, cycle from named
    )`;
}

type Row = [
  billId: BillId,
  text: string | null,
  quietStart: string | null,
  quietEnd: string | null,
  largeBytes: number | null,
];

function textsOf([, text, start, end, largeBytes]: Row): LoadedTexts {
  const quietHours = start === null || end === null ? undefined : { start, end };
  if (text !== null) return quietHours === undefined ? { text } : { text, quietHours };
  const bytes = largeBytes ?? 0;
  const mark = { text: tooLargeText(bytes), largeBytes: bytes };
  return quietHours === undefined ? mark : { ...mark, quietHours };
}
