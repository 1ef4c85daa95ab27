import type { EncryptedField } from '../../render/cipher/cipher.ts';
import type { Database } from '../database.ts';
import type { BillSource } from './billSource.ts';

/** A stored value, still sealed, with where it stands. */
export interface SealedValue {
  readonly field: EncryptedField;
  /** Of a bill's value: the bill's member. */
  readonly memberId: string;
  readonly value: string;
}

/** As `sealed.sql` of the source says. */
function sampleStatement({ sealed }: BillSource) {
  return { name: 'sealed-sample', text: `select field, member_id::text, value from (${sealed}\n) sealed` };
}

/** What is stored of the first and of the last `count` members and bills. */
export async function readSealedSample(
  database: Database,
  source: BillSource,
  count: number,
): Promise<SealedValue[]> {
  const rows = await database.query<[SealedValue['field'], string, string]>(sampleStatement(source), [count]);
  return rows.map(([field, memberId, value]) => ({ field, memberId, value }));
}
