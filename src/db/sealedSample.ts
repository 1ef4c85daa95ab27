import type { Database } from './database.ts';

/** Sealed values of one member and one bill, by field; absent where there is neither. */
export type SealedSample = Readonly<
  Partial<
    Record<'name' | 'email' | 'phone' | 'address' | 'paymentOwnerName' | 'paymentNumber', string | null>
  >
>;

const sample = {
  name: 'sealed-sample',
  text: `
    select m.name, m.email, m.phone, m.address, b.payment_owner_name, b.payment_number
    from (select 1) one
    left join (select name, email, phone, address from member order by id limit 1) m on true
    left join (select payment_owner_name, payment_number from bill order by id limit 1) b on true`,
};

/** What is stored of the first member and of the first bill, still sealed. */
export const readSealedSample = async (database: Database): Promise<SealedSample> => {
  const [row] = await database.query<(string | null)[]>(sample);
  const [name = null, email = null, phone = null, address = null, owner = null, number = null] = row ?? [];
  return { name, email, phone, address, paymentOwnerName: owner, paymentNumber: number };
};
