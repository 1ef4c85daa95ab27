import type { EncryptedField } from '../cipher/cipher.ts';
import type { FieldCiphers } from '../cipher/fieldCiphers.ts';
import { type UnpreparableBill, unpreparable } from './renderedBill.ts';

/** Opens the fields of one bill and its member, and remembers the first failure. */
export interface FieldOpener {
  /**
   * The opened text; empty after a failure. An empty or blank value counts as missing: loaders of Oracle and
   * of CSV files write such values instead of null, and no sealed value looks like that.
   */
  open(field: EncryptedField, value: string): string;
  failure(): UnpreparableBill | undefined;
}

export function createFieldOpener(ciphers: FieldCiphers, memberId: string): FieldOpener {
  let failure: UnpreparableBill | undefined;
  return {
    open: (field, value) => {
      if (value.trim() === '') return '';
      const opened = ciphers.open(field, memberId, value);
      if (opened.kind === 'opened') return opened.text;
      const key = opened.keyId === undefined ? 'no key id' : `key id ${opened.keyId}`;
      const failed = unpreparable('CIPHER_FAILED', `${field} (${key}): ${opened.why}`);
      failure ??= opened.isKeyMissing ? { ...failed, isKeyMissing: true } : failed;
      return '';
    },
    failure: () => failure,
  };
}
