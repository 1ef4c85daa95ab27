import { BillcastError } from '../../../errors.ts';
import type { BareCipher, Cipher, PgpOptions } from '../cipher.ts';
import { decodeMessage } from './forms.ts';
import { createKeyStretcher } from './keyStretcher.ts';
import { openMessage } from './openMessage.ts';
import { noKnownForm } from './pgpRefusals.ts';
import { sealMessage } from './sealMessage.ts';

export const pgp: Cipher = {
  needs: 'PGP_PASSPHRASE',
  create: (options) => {
    const { passphrase } = options.pgp;
    if (!passphrase) {
      throw new BillcastError('CIPHER_FAILED', 'Set PGP_PASSPHRASE: the cipher pgp has no passphrase');
    }
    return createPgp({ ...options.pgp, passphrase });
  },
};

/**
 * OpenPGP messages sealed with a passphrase (RFC 4880): what PostgreSQL's pgcrypto writes with
 * `pgp_sym_encrypt` and opens again, in each form that `decodeMessage` reads.
 *
 * Opens AES in all sizes, compressed or not. Line breaks in a text stay as they are, as with
 * `pgp_sym_decrypt`. The passphrase is stretched with a new salt per message. That is nearly all the cost of
 * opening and cannot be reused, so each further passphrase that is tried costs as much again.
 */
export function createPgp(settings: PgpOptions & { readonly passphrase: string }): Required<BareCipher> {
  const stretch = createKeyStretcher(settings.passphrase);
  const keys = {
    stretchers: [stretch, ...(settings.oldPassphrases ?? []).map(createKeyStretcher)],
    allowUnprotected: settings.allowUnprotected ?? false,
  };
  return {
    seal: (text) => sealMessage(text, stretch).toString('base64'),
    open: (value) => {
      const message = decodeMessage(value);
      return message === undefined ? noKnownForm : openMessage(message, keys);
    },
  };
}
