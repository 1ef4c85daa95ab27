import { type Cipher, refused } from './cipher.ts';
import { looksLikePgp } from './pgp/forms.ts';

/**
 * The cipher `none`: values are stored unencrypted. A PGP message is refused: it cannot be a name or an
 * address.
 */
export const plain: Cipher = {
  create: () => ({
    seal: (text) => text,
    open: (value) => (looksLikePgp(value) ? sealedAfterAll : { kind: 'opened', text: value }),
  }),
};

const sealedAfterAll = refused(
  'it is a PGP message, and the cipher of this field is none: set it to pgp in CIPHER_FIELDS',
);
