/** The names that the settings `CIPHER` and `CIPHER_FIELDS` take. */
export type CipherName = 'aes-256-gcm' | 'aes-256-cbc' | 'pgp' | 'none';

/** The prefixes that `CIPHER_ACCEPT` takes; new values are sealed as the first. */
export const envelopeNames = ['v2', 'v1', 'c1'] as const;

export type EnvelopeName = (typeof envelopeNames)[number];

/** The encrypted columns of `member` and `bill`, as `CIPHER_FIELDS` names them. */
export const encryptedFields = [
  'name',
  'email',
  'phone',
  'address',
  'paymentOwnerName',
  'paymentNumber',
] as const;

export type EncryptedField = (typeof encryptedFields)[number];

/** Where a value stands. What is bound to one place opens in no other. */
export interface Place {
  readonly field: EncryptedField;
  /** The member's id in decimal digits; of a bill's field, the id of the bill's member. */
  readonly memberId: string;
}

/** The outcome of opening a sealed value; `why` never holds any of the value. */
export type Opened = { readonly kind: 'opened'; readonly text: string } | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly why: string;
}

/** Values that say what they are: `<prefix>:<keyId>:<body>`. */
export interface Envelope {
  open(body: string, keyId: string, place: Place): Opened;
}

/** Values that carry no prefix. */
export interface BareCipher {
  open(value: string): Opened;
  /** Absent if new values are sealed as v2 instead. */
  readonly seal?: (text: string) => string;
}

export function refused(why: string): Refused {
  return { kind: 'refused', why };
}
