import type { BillId, Claim } from '../../bill.ts';
import { createOnce } from '../../lib/createOnce.ts';
import type { Database } from '../database.ts';
import { plainArray } from '../sql.ts';
import type { Statement } from '../statement.ts';
import { type BillLoader, type LoadedTexts, tooLargeText } from './billLoader.ts';
import type { BillSource } from './billSource.ts';
import { claimedOf } from './claimedBills.ts';
import { loadSourceModule, type SourcedBill, type WantedBill } from './sourceModule.ts';

/** A bill with both ids. */
interface NamedBill extends WantedBill {
  readonly number: BillId;
}

/** Makes the loader of a `SOURCE_MODULE`. */
export function createModuleLoader(source: BillSource, url: string): BillLoader {
  const loadModule = createOnce(() => loadSourceModule(url));
  const statement = namesStatement(source);
  return async (database, claims, mostBytes) => {
    const named =
      source.idKind === 'bigint' ? claims.map(sameIds) : await readNames(database, statement, claims);
    const module = await loadModule();
    const found = await askModule(() => module.load(named.map(wantedOf)));
    const numbers = new Map(named.map(({ billId, number }) => [billId, number]));
    return new Map(
      found.flatMap((bill): [BillId, LoadedTexts][] => {
        const number = numbers.get(bill.billId);
        return number === undefined ? [] : [[number, textsOf(bill, mostBytes)]];
      }),
    );
  };
}

/** The module's error may contain anything, so it is only kept as the cause. */
async function askModule(load: () => Promise<readonly SourcedBill[]>): Promise<readonly SourcedBill[]> {
  try {
    return await load();
  } catch (cause) {
    throw Object.assign(new Error('SOURCE_MODULE failed to load bills', { cause }), {
      code: 'SOURCE_MODULE_FAILED',
    });
  }
}

function wantedOf({ billId, memberId, cycle }: NamedBill): WantedBill {
  return { billId, memberId, cycle };
}

function sameIds({ billId, memberId, cycle }: Claim): NamedBill {
  return { number: billId, billId, memberId, cycle };
}

function namesStatement(source: BillSource): Statement {
  return {
    name: 'name-claimed-bills',
    text: `with ${claimedOf(source)} select bill_id, bill_key, member_key, cycle from named`,
  };
}

async function readNames(
  database: Database,
  statement: Statement,
  claims: readonly Claim[],
): Promise<NamedBill[]> {
  const rows = await database.query<[BillId, string, string, number]>(statement, [
    plainArray(claims.map(({ billId }) => billId)),
    plainArray(claims.map(({ memberId }) => memberId)),
    plainArray(claims.map(({ cycle }) => cycle)),
  ]);
  return rows.map(([number, billId, memberId, cycle]) => ({ number, billId, memberId, cycle }));
}

function textsOf({ data, quietHours: hours }: SourcedBill, mostBytes: number): LoadedTexts {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const quietHours = hours && { start: withSeconds(hours.start), end: withSeconds(hours.end) };
  const bytes = Buffer.byteLength(text);
  const texts = bytes <= mostBytes ? { text } : { text: tooLargeText(bytes), largeBytes: bytes };
  return quietHours === undefined ? texts : { ...texts, quietHours };
}

function withSeconds(time: string): string {
  return time.length === 5 ? `${time}:00` : time;
}
