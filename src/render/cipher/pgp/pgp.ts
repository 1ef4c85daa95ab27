import type { BareCipher } from '../cipher.ts';
import { decodeMessage } from './forms.ts';
import { createKeyStretcher } from './keyStretcher.ts';
import { openMessage } from './openMessage.ts';
import { sealMessage } from './sealMessage.ts';
import { noKnownForm } from './why.ts';

export interface PgpOptions {
  /** `PGP_PASSPHRASE`: of new values, and the first that is tried. */
  readonly passphrase?: string | undefined;
  /** `PGP_PASSPHRASE_OLD`: tried after it, in this order. */
  readonly oldPassphrases?: readonly string[] | undefined;
  /** `PGP_ALLOW_UNPROTECTED`: also messages without integrity protection, which anybody may have changed. */
  readonly allowUnprotected?: boolean | undefined;
}

/**
 * OpenPGP messages sealed by a passphrase (RFC 4880): what PostgreSQL's pgcrypto writes with `pgp_sym_encrypt` and
 * opens again, in each form of `decodeMessage`.
 *
 * Opens AES in all sizes, compressed or not; a text's line breaks stay as they are, as with `pgp_sym_decrypt`. The
 * passphrase is stretched with a salt of each message's own: that is nearly all that opening costs, and nothing of
 * it can be kept for the next. So each further passphrase that is tried costs as much again.
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
