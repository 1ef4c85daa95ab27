import { BillcastError } from '../../errors.ts';
import { createAesCbc } from './aesCbc.ts';
import { createAesGcm } from './aesGcm.ts';
import { type Cipher, type CipherName, type Opened, refused } from './cipher.ts';
import { type CipherKey, createKeyRing, type KeyRing } from './keyRing.ts';
import { createPgp } from './pgp/pgp.ts';
import { createPlain } from './plain.ts';

/** The encrypted columns of `member` and `bill`, as `CIPHER_FIELDS` names them. */
export const ENCRYPTED_FIELDS = [
  'name',
  'email',
  'phone',
  'address',
  'paymentOwnerName',
  'paymentNumber',
] as const;

export type EncryptedField = (typeof ENCRYPTED_FIELDS)[number];

export interface CipherSettings {
  /** `CIPHER`: of values that carry no prefix. */
  readonly fallback: CipherName;
  /** `CIPHER_FIELDS`: exceptions from `fallback` by field. */
  readonly fields: Readonly<Partial<Record<EncryptedField, CipherName | undefined>>>;
  /** `CIPHER_KEYS`: the first one is the current one. */
  readonly keys: readonly CipherKey[];
  /** `PGP_PASSPHRASE`: for `pgp` only. */
  readonly pgpPassphrase?: string | undefined;
}

/** The outcome of opening a field; a failure holds nothing of the value. */
export type OpenedField =
  | { readonly kind: 'opened'; readonly text: string }
  | {
      readonly kind: 'cipherFailed';
      readonly field: EncryptedField;
      /** Undefined where the value carries none. */
      readonly keyId: string | undefined;
      readonly why: string;
    };

/** Seals and opens the fields of the database. */
export interface FieldCiphers {
  seal(field: EncryptedField, text: string): string;
  open(field: EncryptedField, value: string): OpenedField;
}

/** Throws `CIPHER_FAILED` where a cipher or a key of the settings cannot be used. */
export const createFieldCiphers = (settings: CipherSettings): FieldCiphers => {
  const keyRing = createKeyRing(settings.keys);
  const byPrefix = new Map([createAesGcm(keyRing), createAesCbc(keyRing)].map((c) => [c.prefix, c]));
  const cipherOf = (field: EncryptedField): Cipher =>
    createCipher(settings.fields[field] ?? settings.fallback, keyRing, settings.pgpPassphrase);
  const byField: Readonly<Record<EncryptedField, Cipher>> = {
    name: cipherOf('name'),
    email: cipherOf('email'),
    phone: cipherOf('phone'),
    address: cipherOf('address'),
    paymentOwnerName: cipherOf('paymentOwnerName'),
    paymentNumber: cipherOf('paymentNumber'),
  };
  const ofField = (field: EncryptedField, keyId: string | undefined, opened: Opened): OpenedField =>
    opened.kind === 'opened'
      ? opened
      : { kind: 'cipherFailed', field, keyId: shown(field, keyId), why: opened.why };
  // Where values are plain, and in a damaged one, what stands in a key id's place may be anything.
  const shown = (field: EncryptedField, keyId: string | undefined): string | undefined => {
    if (keyId === undefined || keyRing.find(keyId) !== undefined) return keyId;
    const isPlain = (settings.fields[field] ?? settings.fallback) === 'none';
    return !isPlain && /^[\w.-]{1,64}$/.test(keyId) ? keyId : '(not a key id)';
  };
  return {
    seal: (field, text) => byField[field].seal(text),
    open: (field, value) => {
      const prefixEnd = value.indexOf(':');
      const cipher = prefixEnd === -1 ? undefined : byPrefix.get(value.slice(0, prefixEnd));
      if (cipher === undefined) return ofField(field, undefined, byField[field].open(value, undefined));
      const keyIdEnd = value.indexOf(':', prefixEnd + 1);
      if (keyIdEnd === -1) return ofField(field, undefined, refused('its envelope has no key id'));
      const keyId = value.slice(prefixEnd + 1, keyIdEnd);
      return ofField(field, keyId, cipher.open(value.slice(keyIdEnd + 1), keyId));
    },
  };
};

const createCipher = (name: CipherName, keyRing: KeyRing, pgpPassphrase: string | undefined): Cipher => {
  switch (name) {
    case 'aes-256-gcm':
      return createAesGcm(keyRing);
    case 'aes-256-cbc':
      return createAesCbc(keyRing);
    case 'none':
      return createPlain();
    case 'pgp':
      if (!pgpPassphrase)
        throw new BillcastError('CIPHER_FAILED', 'Set PGP_PASSPHRASE: the cipher pgp has no passphrase');
      return createPgp(pgpPassphrase);
    default:
      return name satisfies never;
  }
};
