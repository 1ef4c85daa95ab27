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
  return {
    name: 'load-bills',
    text: `
    with ${claimed}
    select bill_id, case when octet_length(data) <= $4 then data end, quiet_start, quiet_end,
      case when octet_length(data) > $4 then octet_length(data) end
    from (
      select bill_id, data::text as data, quiet_start::text, quiet_end::text
      from (${source.load}\n) source_load
      offset 0
    ) loaded`,
  };
}

/** What `load.sql` reads the bills of a batch from. */
export const claimed = `claimed as (
      select * from unnest($1::bigint[], $2::bigint[], $3::int[]) as claim (bill_id, member_id, cycle)
    )`;

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
