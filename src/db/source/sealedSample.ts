import type { EncryptedField } from '../../render/cipher/cipher.ts';
import type { Database } from '../database.ts';
import type { BillSource } from './billSource.ts';

/** A stored, sealed value, and its place. */
export interface SealedValue {
  readonly field: EncryptedField;
  /** The member; for a value of a bill, the bill's member. */
  readonly memberId: string;
  readonly value: string;
}

/** As `sealed.sql` of the source says. */
function sampleStatement({ sealed }: BillSource) {
  return { name: 'sealed-sample', text: `select field, member_id::text, value from (${sealed}\n) sealed` };
}

/** The sealed values of the first and the last `count` members and bills. */
export async function readSealedSample(
  database: Database,
  source: BillSource,
  count: number,
): Promise<SealedValue[]> {
  const rows = await database.query<[SealedValue['field'], string, string]>(sampleStatement(source), [count]);
  return rows.map(([field, memberId, value]) => ({ field, memberId, value }));
}
