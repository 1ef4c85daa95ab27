import type { EncryptedField, FieldCiphers } from './cipher/fieldCiphers.ts';
import { type UnpreparableBill, unpreparable } from './renderedBill.ts';

/** Opens the fields of one bill and remembers the first that cannot be. */
export interface FieldOpener {
  /** The opened text, or an empty one after a failure. */
  open(field: EncryptedField, value: string): string;
  failure(): UnpreparableBill | undefined;
}

export const createFieldOpener = (ciphers: FieldCiphers): FieldOpener => {
  let failure: UnpreparableBill | undefined;
  return {
    open: (field, value) => {
      const opened = ciphers.open(field, value);
      if (opened.kind === 'opened') return opened.text;
      const key = opened.keyId === undefined ? 'no key id' : `key id ${opened.keyId}`;
      failure ??= unpreparable('CIPHER_FAILED', `${field} (${key}): ${opened.why}`);
      return '';
    },
    failure: () => failure,
  };
};
