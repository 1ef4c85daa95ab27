import { z } from 'zod';
import type { EncryptedField } from '../cipher/cipher.ts';

const value = z.string().nullable();
const loaded = z.tuple([z.tuple([value, value], value)], z.unknown());

/** The places of the sealed values among the columns of a loaded bill; see `loadedText`. */
const places = {
  name: 3,
  email: 4,
  phone: 5,
  address: 6,
  paymentOwnerName: 18,
  paymentNumber: 20,
} as const satisfies Readonly<Record<EncryptedField, number>>;

export interface SealedFields {
  readonly memberId: string;
  /** The stored values; null if nothing is stored. */
  readonly values: Readonly<Record<EncryptedField, string | null>>;
}

/**
 * Takes the sealed values out of a loaded bill, which may be incomplete; undefined if the text is no bill.
 */
export function sealedFieldsOf(text: string): SealedFields | undefined {
  const parsed = loaded.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const [columns] = parsed.data;
  const [, memberId] = columns;
  if (memberId === null) return undefined;
  const values = Object.fromEntries(
    Object.entries(places).map(([name, place]) => [name, columns[place] ?? null]),
  ) as Record<EncryptedField, string | null>;
  return { memberId, values };
}
