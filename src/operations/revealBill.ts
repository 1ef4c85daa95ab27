import type { BillId } from '../bill.ts';
import { createBillModel } from '../render/bill/createBillModel.ts';
import { type EncryptedField, encryptedFields } from '../render/cipher/cipher.ts';
import { openFieldCiphers } from '../render/cipher/fieldCiphers.ts';
import type { OperationDeps } from './operationDeps.ts';
import { loadBillText } from './preview.ts';

/** The opened values of a bill's member and payment. The caller first writes an access record. */
export interface RevealedBill {
  readonly memberId: string;
  /** Null if nothing is stored, or if it cannot be opened. */
  readonly values: Readonly<Record<EncryptedField, string | null>>;
  /** The fields that cannot be opened. */
  readonly unreadable: readonly EncryptedField[];
}

/**
 * Opens the sealed values of one bill.
 * @returns undefined if the bill is unknown
 */
export async function revealBill(
  deps: Pick<OperationDeps, 'config' | 'database'>,
  { billId }: { readonly billId: BillId },
): Promise<RevealedBill | undefined> {
  const text = await loadBillText(deps, billId);
  const model = await createBillModel(deps.config.billModel);
  const sealed = model.sealedFieldsOf(text);
  if (sealed === undefined) return undefined;
  const { memberId, values } = sealed;
  const ciphers = await openFieldCiphers(deps.config.cipher);
  const opened = encryptedFields.map((field) => {
    const value = values[field];
    return [
      field,
      value === null || value.trim() === '' ? null : ciphers.open(field, memberId, value),
    ] as const;
  });
  return {
    memberId,
    values: Object.fromEntries(
      opened.map(([field, one]) => [field, one?.kind === 'opened' ? one.text : null]),
    ) as Record<EncryptedField, string | null>,
    unreadable: opened.flatMap(([field, one]) => (one?.kind === 'cipherFailed' ? [field] : [])),
  };
}
