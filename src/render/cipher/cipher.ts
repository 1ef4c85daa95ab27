import type { KeyObject } from 'node:crypto';

/** The prefixes that `CIPHER_ACCEPT` may name. New values are sealed as the first. */
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

/** The place of a value. If it is bound to one place, it opens in no other. */
export interface Place {
  readonly field: EncryptedField;
  /** The member's id in decimal digits. For a bill's field, the id of the bill's member. */
  readonly memberId: string;
}

/** The outcome of opening a sealed value; `why` never holds any of the value. */
export type Opened = { readonly kind: 'opened'; readonly text: string } | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly why: string;
  /** The key that the value names is missing. It may have been added since the keys were read. */
  readonly isKeyMissing?: true;
}

/** Values that name their cipher and key: `<prefix>:<keyId>:<body>`. */
export interface Envelope {
  open(body: string, keyId: string, place: Place): Opened;
}

/** Values without a prefix. */
export interface BareCipher {
  open(value: string): Opened;
  /** Absent if new values are sealed as v2 instead. */
  readonly seal?: (text: string) => string;
}

/** The settings for ciphers of values without a prefix. */
export interface BareCipherOptions {
  /** The current key comes first. */
  readonly keys: readonly KeyObject[];
  /** `CIPHER_ACCEPT`: the prefixes that open. */
  readonly accept: readonly EnvelopeName[];
  readonly pgp: PgpOptions;
  /** The cipher of `CIPHER_MODULE`. */
  readonly custom?: Cipher | undefined;
}

export interface PgpOptions {
  /** `PGP_PASSPHRASE`: seals new values, and is tried first. */
  readonly passphrase?: string | undefined;
  /** `PGP_PASSPHRASE_OLD`: tried after it, in this order. */
  readonly oldPassphrases?: readonly string[] | undefined;
  /**
   * `PGP_ALLOW_UNPROTECTED`: whether to open messages without integrity protection too, which anybody may
   * have changed.
   */
  readonly allowUnprotected?: boolean | undefined;
}

/** A cipher of values without a prefix, as an entry of `cipherRegistry.ts`. */
export interface Cipher {
  /** The setting without which it cannot work. */
  readonly needs?: 'CIPHER_KEYS' | 'PGP_PASSPHRASE';
  /** The prefix that its values would have: they open only while `CIPHER_ACCEPT` names it. */
  readonly envelope?: EnvelopeName;
  create(options: BareCipherOptions): BareCipher;
}

export function refused(why: string): Refused {
  return { kind: 'refused', why };
}
