/** The names that the settings `CIPHER` and `CIPHER_FIELDS` take. */
export type CipherName = 'aes-256-gcm' | 'aes-256-cbc' | 'pgp' | 'none';

/** The outcome of opening a sealed value; `why` never holds any of the value. */
export type Opened = { readonly kind: 'opened'; readonly text: string } | Refused;

export interface Refused {
  readonly kind: 'refused';
  readonly why: string;
}

/** One way of sealing a short text; one file a cipher, put together in `fieldCiphers.ts`. */
export interface Cipher {
  /** Seals with the current key, with everything that `open` needs to find it again. */
  seal(text: string): string;
  /** Opens what stands after the envelope's prefix and key id; without a key id, with the first key. */
  open(body: string, keyId: string | undefined): Opened;
}

/** A cipher whose values say what they are: `<prefix>:<keyId>:<body>`. */
export interface PrefixedCipher extends Cipher {
  readonly prefix: string;
}

export const refused = (why: string): Refused => ({ kind: 'refused', why });
