import type { EncryptedField } from '../../render/cipher/cipher.ts';
import type { Database } from '../database.ts';

/** A stored value, still sealed, with where it stands. */
export interface SealedValue {
  readonly field: EncryptedField;
  /** Of a bill's value: the bill's member. */
  readonly memberId: string;
  readonly value: string;
}

/** By primary key from both ends, so it costs the same for any number of rows. */
const sample = {
  name: 'sealed-sample',
  text: `
    with members as (
      (select id, name, email, phone, address from member order by id limit $1) union
      (select id, name, email, phone, address from member order by id desc limit $1)
    ), bills as (
      (select id, member_id, payment_owner_name, payment_number from bill order by id limit $1) union
      (select id, member_id, payment_owner_name, payment_number from bill order by id desc limit $1)
    )
    select field, member_id::text, value from (
      select 1, id, id, sealed.* from members,
        lateral (values ('name', name), ('email', email), ('phone', phone), ('address', address)) sealed
      union all
      select 2, id, member_id, sealed.* from bills,
        lateral (values ('paymentOwnerName', payment_owner_name), ('paymentNumber', payment_number)) sealed
    ) as stored (part, id, member_id, field, value)
    where value is not null
    order by part, id`,
};

/** What is stored of the first and of the last `count` members and bills. */
export async function readSealedSample(database: Database, count: number): Promise<SealedValue[]> {
  const rows = await database.query<[SealedValue['field'], string, string]>(sample, [count]);
  return rows.map(([field, memberId, value]) => ({ field, memberId, value }));
}
