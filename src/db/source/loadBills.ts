import type { BillId } from '../../bill.ts';
import { plainArray } from '../sql.ts';
import type { Statement } from '../statement.ts';
import { type BillLoader, type LoadedTexts, tooLargeText } from './billLoader.ts';
import type { BillSource } from './billSource.ts';
import { claimedOf } from './claimedBills.ts';
import { createModuleLoader } from './moduleLoader.ts';

/** Makes the loader of a source: its module, or its `load.sql`. */
export function createBillLoader(source: BillSource): BillLoader {
  return source.module === undefined ? statementLoader(source) : createModuleLoader(source, source.module);
}

function statementLoader(source: BillSource): BillLoader {
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

/** `offset 0` keeps PostgreSQL from computing each text twice. */
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
